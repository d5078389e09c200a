import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startJobs } from '@cartograph/jobs';
import { makeTestDatabase, testInfrastructure, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import type { Order } from '../src/domain/order.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('order');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 2 });
  // Workers make the tables of the jobs; none runs during the tests.
  const { log } = testInfrastructure();
  const idle = { nothing: async () => {} };
  const stop = await startJobs({ databaseUrl: testDatabase.url, log, tasks: idle, concurrency: 1 });
  await stop();
});

afterAll(async () => {
  await database.$disconnect();
  await testDatabase.drop();
});

/** Seconds until the order is checked, by the database's clock when the poll was stored. */
const secondsUntilPoll = async (orderId: string) => {
  const jobs = await testDatabase.query<{ seconds: number }>(
    `SELECT extract(epoch FROM run_at - created_at)::float AS seconds
     FROM graphile_worker._private_jobs WHERE payload->>'orderId' = $1`,
    [orderId],
  );
  expect(jobs).toHaveLength(1);
  return jobs[0]?.seconds;
};

const insertOrder = async (): Promise<Order> => {
  const [row] = await testDatabase.query<{ id: string }>(
    `INSERT INTO orders (id, user_id, total_cents, currency, reserved_until, created_at, updated_at)
     VALUES (gen_random_uuid(), gen_random_uuid(), 1999, 'EUR', now(), now(), now()) RETURNING id`,
  );
  const [order] = await makePrismaOrderStore(database).findOrders([row?.id ?? '']);
  if (!order) throw new Error('there is no order');
  return order;
};

/** Half a minute from now, in a process whose clock is `behindMs` behind. */
const inHalfAMinute = (behindMs: number) => new Date(Date.now() + 30_000 - behindMs);

const HOUR_MS = 60 * 60_000;

describe('a poll of a process', () => {
  it('whose clock is right is due at its time', async () => {
    const id = randomUUID();
    await makePrismaOrderStore(database).schedulePoll(id, inHalfAMinute(0));
    expect(await secondsUntilPoll(id)).toBeGreaterThan(20);
  });

  it('whose clock is behind the database’s is not due immediately, so it can’t loop', async () => {
    const id = randomUUID();
    await makePrismaOrderStore(database).schedulePoll(id, inHalfAMinute(HOUR_MS));
    expect(await secondsUntilPoll(id)).toBe(1);
  });

  it('whose clock is behind when a payment starts is not due immediately either', async () => {
    const order = await insertOrder();
    const customer = { kind: 'CUSTOMER', id: order.userId } as const;
    await makePrismaOrderStore(database).startPayment(order, customer, inHalfAMinute(HOUR_MS));
    expect(await secondsUntilPoll(order.id)).toBe(1);
  });
});

describe('a refund of an order', () => {
  it('is scheduled once, also when its job has ended before it is requested again', async () => {
    const store = makePrismaOrderStore(database);
    const { id } = await insertOrder();
    const to = { status: 'CANCELLED', reason: 'EXPIRED' } as const;
    await store.moveOrder(id, to, { actor: { kind: 'SHOP', id: null } });
    const key = `refund:${id}:1`;
    const endJob = () =>
      testDatabase.query('DELETE FROM graphile_worker._private_jobs WHERE key = $1 RETURNING id', [
        key,
      ]);
    await store.requestRefund(id, 1);
    expect(await endJob()).toHaveLength(1);
    await store.requestRefund(id, 1);
    expect(await endJob()).toEqual([]);
  });
});
