import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaHoldStore } from '../src/db/make-prisma-hold-store.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import type { HoldStore, NewHold } from '../src/domain/stock-hold.ts';

let testDatabase: TestDatabase;
let database: Database;
let holds: HoldStore;
let userId: string;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('order');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 5 });
  holds = makePrismaHoldStore(database);
});

beforeEach(async () => {
  userId = randomUUID();
  await testDatabase.query('DELETE FROM stock_holds');
  await testDatabase.query('DELETE FROM idempotency_keys');
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const LIMITS = { ordersPerAccount: 2, unitsPerAccount: 10, unitsPerAddress: 12 };

const claim = async (fields: Partial<NewHold> = {}) => {
  const hold = { orderId: randomUUID(), userId, address: '203.0.113.7', units: 1, ...fields };
  const { verdict } = await holds.claimHold(hold, LIMITS);
  return { ...hold, verdict };
};

const age = (orderId: string, seconds: number) =>
  testDatabase.query(
    'UPDATE stock_holds SET renewed_at = now() - make_interval(secs => $2) WHERE order_id = $1',
    [orderId, seconds],
  );

const place = (orderId: string) =>
  testDatabase.query('UPDATE stock_holds SET placed_at = now() WHERE order_id = $1', [orderId]);

const addKey = async (orderId: string, operation: string, response: string | null) => {
  const key = randomUUID();
  await testDatabase.query(
    `INSERT INTO idempotency_keys (user_id, operation, key, request_hash, order_id, response,
       locked_until, created_at) VALUES ($1, $2, $3, '', $4, $5, now(), now())`,
    [userId, operation, key, orderId, response],
  );
  return key;
};

describe('a claim', () => {
  it.each([
    ['as many units as an account may hold', { units: 10 }, 'CLAIMED'],
    ['one more', { units: 11 }, 'ACCOUNT_UNITS'],
  ])('of %s is %s', async (_what, fields, verdict) => {
    expect((await claim(fields)).verdict).toBe(verdict);
  });

  it('counts open and placed holds, and all accounts of an address', async () => {
    const first = await claim({ units: 6 });
    await place(first.orderId);
    const ofOther = await claim({ userId: randomUUID(), units: 7 });
    expect([first.verdict, ofOther.verdict]).toEqual(['CLAIMED', 'ADDRESS_UNITS']);
    expect((await claim({ userId: randomUUID(), units: 6 })).verdict).toBe('CLAIMED');
    expect((await claim({ address: null, units: 4 })).verdict).toBe('CLAIMED');
    expect((await claim({ address: null, units: 1 })).verdict).toBe('ORDERS');
  });

  it('is stored once: a repeat renews it, and does not count itself', async () => {
    const first = await claim({ units: 10 });
    await age(first.orderId, 29);
    expect(await claim({ orderId: first.orderId, units: 10 })).toMatchObject({
      verdict: 'CLAIMED',
    });
    expect(await holds.abandonHolds(10, [])).toEqual([]);
    expect(
      await testDatabase.query(
        "SELECT 1 FROM stock_holds WHERE renewed_at > now() - interval '5 seconds'",
      ),
    ).toHaveLength(1);
  });

  it('for an abandoned order is refused', async () => {
    const { orderId } = await claim();
    await age(orderId, 31);
    await holds.abandonHolds(10, []);
    expect(await claim({ orderId })).toMatchObject({ verdict: 'ABANDONED' });
  });

  it('counts concurrent claims', async () => {
    for (let round = 0; round < 5; round += 1) {
      userId = randomUUID();
      const ofOne = await Promise.all(Array.from({ length: 5 }, () => claim({ address: null })));
      expect(ofOne.filter(({ verdict }) => verdict === 'CLAIMED')).toHaveLength(2);
      const address = randomUUID();
      const ofAddress = await Promise.all(
        Array.from({ length: 5 }, () => claim({ userId: randomUUID(), address, units: 5 })),
      );
      expect(ofAddress.filter(({ verdict }) => verdict === 'CLAIMED')).toHaveLength(2);
    }
  });
});

describe('claims of one account or one address', () => {
  it.each(['account', 'address'])('run one after another: of an %s', async (owner) => {
    const address = randomUUID();
    const name = `stock_holds of ${owner} ${owner === 'account' ? userId : address}`;
    await testDatabase.query('BEGIN');
    await testDatabase.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    const waiting = claim({ address });
    await eventually(async () =>
      expect(
        await testDatabase.query(
          `SELECT 1 FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event = 'advisory'`,
        ),
      ).toHaveLength(1),
    );
    await testDatabase.query('ROLLBACK');
    expect((await waiting).verdict).toBe('CLAIMED');
  });
});

describe('the abandoned holds', () => {
  it('are those without an order after half a minute, and those abandoned before', async () => {
    const [late, early, placed, skipped] = [
      await claim({ userId: randomUUID() }),
      await claim({ userId: randomUUID() }),
      await claim({ userId: randomUUID() }),
      await claim({ userId: randomUUID() }),
    ];
    for (const { orderId } of [late, placed, skipped]) await age(orderId, 31);
    await age(early.orderId, 29);
    await place(placed.orderId);
    expect(await holds.abandonHolds(10, [skipped.orderId])).toEqual([late.orderId]);
    expect(await holds.abandonHolds(10, [skipped.orderId])).toEqual([late.orderId]);
    await holds.removeHold(late.orderId);
    expect(await holds.abandonHolds(10, [skipped.orderId])).toEqual([]);
  });

  it('leave out a hold whose order is being created, without waiting for it', async () => {
    const { orderId } = await claim();
    await age(orderId, 31);
    await testDatabase.query('BEGIN');
    await place(orderId);
    // Waiting for its lock would fail after the lock timeout of the pool.
    const abandoned = holds.abandonHolds(10, []);
    expect(await abandoned.finally(() => testDatabase.query('COMMIT'))).toEqual([]);
    expect(await holds.abandonHolds(10, [])).toEqual([]);
  });

  it('free the idempotency key of their requests, and no other', async () => {
    const { orderId } = await claim();
    await addKey(orderId, 'createOrder', null);
    const kept = [
      await addKey(orderId, 'createOrder', '{}'),
      await addKey(orderId, 'payOrder', null),
      await addKey(randomUUID(), 'createOrder', null),
    ];
    await age(orderId, 31);
    await holds.abandonHolds(10, []);
    const rows = await testDatabase.query<{ key: string }>('SELECT key FROM idempotency_keys');
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(kept));
  });
});

describe('the order of a hold', () => {
  const insert = async ({ orderId, userId: customerId }: NewHold) => {
    const now = new Date();
    const unitPrice = { amount: 100, currency: 'EUR' };
    const item = { productId: randomUUID(), sku: 'A', name: 'A', quantity: 1, unitPrice };
    const order = { id: orderId, userId: customerId, items: [item], total: unitPrice };
    const dates = { reservedUntil: now, createdAt: now, updatedAt: now };
    const store = makePrismaOrderStore(database);
    return (await store.insertOrder({ ...order, ...dates }, null, null)).order;
  };

  it('is stored once, and its hold is no longer abandoned', async () => {
    const hold = await claim();
    const first = await insert(hold);
    expect(first).toMatchObject({ id: hold.orderId, status: 'PENDING' });
    expect(await insert(hold)).toEqual(first);
    await age(hold.orderId, 31);
    expect(await holds.abandonHolds(10, [])).toEqual([]);
  });

  it('is not stored when the hold was abandoned, even before its stock is released', async () => {
    const hold = await claim();
    await age(hold.orderId, 31);
    await holds.abandonHolds(10, []);
    await expect(insert(hold)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await makePrismaOrderStore(database).findOrders([hold.orderId])).toEqual([]);
  });

  it.each([['CONFIRMED'], ['CANCELLED']] as const)('has no hold when it is %s', async (status) => {
    const hold = await claim();
    const order = await insert(hold);
    const store = makePrismaOrderStore(database);
    const actor = { kind: 'SHOP', id: null } as const;
    await (status === 'CONFIRMED'
      ? store.confirmOrder(order, { actor, paymentResult: 'SUCCEEDED' }, 0)
      : store.cancelOrder(order, 'CUSTOMER_REQUEST', { actor }, 0));
    expect(await testDatabase.query('SELECT 1 FROM stock_holds')).toEqual([]);
  });
});
