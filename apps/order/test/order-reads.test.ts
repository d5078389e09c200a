import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import type { OrderStore } from '../src/domain/order-store.ts';

const ORDERS = 20;

let testDatabase: TestDatabase;
let database: Database;
let store: OrderStore;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('order');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 2 });
  store = makePrismaOrderStore(database);
  await testDatabase.query(`ALTER TYPE order_status ADD VALUE 'SHIPPED'`);
  await testDatabase.query(`ALTER TYPE order_event_type ADD VALUE 'PACKED'`);
  await testDatabase.query(`ALTER TYPE order_actor ADD VALUE 'CARRIER'`);
  await testDatabase.query('ALTER TABLE order_history DROP CONSTRAINT order_history_actor_check');
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** Stores orders of a new customer, every third one cancelled; the newest is the first. */
const insertOrders = async () => {
  const userId = randomUUID();
  const rows = await testDatabase.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO orders (id, user_id, status, total_cents, currency, cancel_reason, cancelled_at,
         reserved_until, created_at, updated_at, due_at)
       SELECT uuidv7_like, $1, status::order_status, 9007199254740991, 'VND',
         CASE status WHEN 'CANCELLED' THEN 'ADMIN' END::cancellation_reason,
         CASE status WHEN 'CANCELLED' THEN now() END, now(), now(), now(), now()
       FROM generate_series(1, ${ORDERS}) AS n,
         LATERAL (SELECT (lpad(to_hex(n), 8, '0') || substr(gen_random_uuid()::text, 9))::uuid
           AS uuidv7_like, CASE n % 3 WHEN 0 THEN 'CANCELLED' ELSE 'PENDING' END AS status) AS made
       RETURNING id)
     SELECT id FROM made ORDER BY id DESC`,
    [userId],
  );
  return { userId, ids: rows.map(({ id }) => id) };
};

const idsOf = (rows: readonly { readonly id: string }[] | undefined) => rows?.map(({ id }) => id);

describe('orders', () => {
  it('are read with null for what they do not have, and without lines', async () => {
    const { userId, ids } = await insertOrders();
    const [pending] = await store.findOrders([ids.at(-1) ?? '', randomUUID()]);
    expect(pending).toEqual({
      id: ids.at(-1),
      number: expect.any(Number),
      userId,
      status: 'PENDING',
      items: [],
      total: { amount: Number.MAX_SAFE_INTEGER, currency: 'VND' },
      cancellation: null,
      reservedUntil: expect.any(Date),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      hasAddress: false,
    });
    const [cancelled] = await store.findOrders([ids.at(-3) ?? '']);
    expect(cancelled?.cancellation).toEqual({ reason: 'ADMIN', at: expect.any(Date) });
    expect((await store.findState(ids.at(-3) ?? ''))?.order).toEqual(cancelled);
  });

  it('can’t be read by id with a status that this version does not know, and are listed', async () => {
    const { userId, ids } = await insertOrders();
    await testDatabase.query(`UPDATE orders SET status = 'SHIPPED' WHERE id = $1`, [ids[1]]);
    const unreadable = expect.objectContaining({ code: 'P2023' }) as unknown;
    await expect(store.findOrders(ids)).rejects.toEqual(unreadable);
    const { rows } = await store.listOrders(
      { userId },
      { direction: 'FORWARD', size: 3, from: null },
    );
    expect(idsOf(rows)).toEqual(ids.slice(0, 3));
    expect(rows[1]?.status).toBe('SHIPPED');
  });

  it.each([
    ['the first page', null, null, 0, 5],
    ['the next page', 4, null, 5, 10],
    ['the last page', 16, null, 17, ORDERS],
    ['one status', null, 'CANCELLED', 0, 5],
    ['one status, after an order', 5, 'PENDING', 6, 11],
  ] as const)('are listed newest first: %s', async (_what, after, status, from, to) => {
    const { userId, ids } = await insertOrders();
    const other = await insertOrders();
    const page = {
      direction: 'FORWARD',
      size: 5,
      from: after === null ? null : (ids[after] ?? ''),
    } as const;
    const all = await store.findOrders(ids);
    const isListed = (id: string) =>
      status === null || all.some((order) => order.id === id && order.status === status);
    const expected = ids.filter((id, place) => place >= from && isListed(id)).slice(0, 5);
    const hasNextPage = ids.filter((id, place) => place >= from && isListed(id)).length > 5;
    if (status === null) expect(expected).toEqual(ids.slice(from, to));
    const { rows, ...rest } = await store.listOrders({ userId, status }, page);
    expect([idsOf(rows), rest.hasNextPage]).toEqual([expected, hasNextPage]);
    const each = await store.listOrdersOfEach([userId, other.userId], { status }, page);
    expect(each.get(userId)).toEqual({ rows, ...rest });
    expect(each.get(other.userId)?.rows.every((order) => order.userId === other.userId)).toBe(true);
  });

  it('are read from the other end too, one page before the next', async () => {
    const { userId, ids } = await insertOrders();
    const oldestFirst = ids.toReversed();
    for (const [from, start] of [
      [null, 0],
      [oldestFirst[4] ?? '', 5],
      [oldestFirst.at(-3) ?? '', ORDERS - 2],
    ] as const) {
      const page = { direction: 'BACKWARD', size: 5, from } as const;
      const { rows, hasNextPage } = await store.listOrders({ userId }, page);
      expect(idsOf(rows)).toEqual(oldestFirst.slice(start, start + 5));
      expect(hasNextPage).toBe(start + 5 < ORDERS);
      const each = await store.listOrdersOfEach([userId], {}, page);
      expect(each.get(userId)).toEqual({ rows, hasNextPage });
    }
  });

  it('are found by their numbers', async () => {
    const { ids } = await insertOrders();
    const [one, other] = await store.findOrders(ids);
    const numbers = [one?.number ?? 0, other?.number ?? 0, 2_000_000_000];
    const found = await store.findOrdersByNumber(numbers);
    expect(new Set(idsOf(found))).toEqual(new Set([one?.id, other?.id]));
  });
});

describe('the lists of one customer’s orders', () => {
  it('are read from the index on (user_id, id), with and without a filter', async () => {
    const texts: string[] = [];
    const watched = makePrismaOrderStore({
      ...database,
      run: async ({ text }) => {
        texts.push(text);
        return [];
      },
    });
    const userId = randomUUID();
    for (const from of [null, randomUUID()]) {
      for (const direction of ['FORWARD', 'BACKWARD'] as const) {
        const page = { direction, size: 5, from };
        await watched.listOrders({ userId }, page);
        await watched.listOrdersOfEach([userId], { status: 'PENDING' }, page);
      }
    }
    // Enough, three of each customer, that Postgres prefers the index.
    await testDatabase.query(
      `INSERT INTO orders (id, user_id, total_cents, currency, reserved_until, created_at,
         updated_at, due_at)
       SELECT gen_random_uuid(), lpad((n / 3)::text, 32, '0')::uuid, 1, 'EUR', now(), now(), now(),
         now()
       FROM generate_series(1, 20000) AS n`,
    );
    await testDatabase.query('ANALYZE orders');
    for (const text of texts) {
      const plan = await testDatabase.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (GENERIC_PLAN) ${text}`,
      );
      const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
      const scan = text.includes('o.id DESC') ? 'Index Scan Backward' : 'Index Scan';
      expect(lines).toContain(`${scan} using orders_user_id_id_idx`);
    }
    expect(texts).toHaveLength(8);
  });
});

describe('a history', () => {
  it.each(["event = 'PACKED'", "actor = 'CARRIER'", "to_status = 'SHIPPED'"])(
    'is read without a line that this version does not know: %s',
    async (set) => {
      const { ids } = await insertOrders();
      const order = ids.at(-1) ?? '';
      await testDatabase.query(
        `INSERT INTO order_history (order_id, at, event, from_status, to_status, actor)
         VALUES ($1, now(), 'CREATED', NULL, 'PENDING', 'SHOP'),
           ($1, now(), 'PAYMENT_STARTED', 'PENDING', 'PENDING', 'SHOP')`,
        [order],
      );
      await testDatabase.query('ALTER TABLE order_history DISABLE TRIGGER USER');
      await testDatabase.query(
        `UPDATE order_history SET ${set} WHERE order_id = $1 AND event = 'PAYMENT_STARTED'`,
        [order],
      );
      const history = await store.findHistory([order, randomUUID()]);
      expect(history).toEqual([
        {
          orderId: order,
          at: expect.any(Date),
          type: 'CREATED',
          fromStatus: null,
          toStatus: 'PENDING',
          actor: { kind: 'SHOP', id: null },
          reason: null,
          note: null,
        },
      ]);
    },
  );
});
