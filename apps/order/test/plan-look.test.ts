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
  // Workers make the tables of the jobs; none works while a test looks.
  const { log } = testInfrastructure();
  const idle = { nothing: async () => {} };
  const stop = await startJobs({ databaseUrl: testDatabase.url, log, tasks: idle, concurrency: 1 });
  await stop();
});

afterAll(async () => {
  await database.$disconnect();
  await testDatabase.drop();
});

/** In how many seconds the order is looked at, by the database's clock when that was planned. */
const secondsUntilLook = async (orderId: string) => {
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

/** What a process plans for half a minute from now, whose clock is `behindMs` behind. */
const inHalfAMinute = (behindMs: number) => new Date(Date.now() + 30_000 - behindMs);

const HOUR_MS = 60 * 60_000;

describe('a look at an order that a process plans', () => {
  it('whose clock is right is due when it says', async () => {
    const id = randomUUID();
    await makePrismaOrderStore(database).planResolve(id, inHalfAMinute(0));
    expect(await secondsUntilLook(id)).toBeGreaterThan(20);
  });

  it('whose clock is behind the database’s is not due at once, so it can’t be planned in a circle', async () => {
    const id = randomUUID();
    await makePrismaOrderStore(database).planResolve(id, inHalfAMinute(HOUR_MS));
    expect(await secondsUntilLook(id)).toBe(1);
  });

  it('whose clock is behind when a payment begins is not due at once either', async () => {
    const order = await insertOrder();
    const customer = { kind: 'CUSTOMER', id: order.userId } as const;
    await makePrismaOrderStore(database).startPayment(order, customer, inHalfAMinute(HOUR_MS));
    expect(await secondsUntilLook(order.id)).toBe(1);
  });
});
