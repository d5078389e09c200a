import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIdempotencyStore, type Lease } from '@cartograph/idempotency';
import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { makeDatabase, type Database } from '../src/db/make-database.ts';
import { makePrismaHoldStore } from '../src/db/make-prisma-hold-store.ts';
import { makePrismaOrderStore } from '../src/db/make-prisma-order-store.ts';
import { SYSTEM } from '../src/domain/order-event.ts';
import type { OrderStore } from '../src/domain/order-store.ts';
import type { NewOrder, Order } from '../src/domain/order.ts';

let testDatabase: TestDatabase;
let database: Database;
let store: OrderStore;

beforeAll(async () => {
  testDatabase = await makeTestDatabase('order');
  database = makeDatabase({ databaseUrl: testDatabase.url, databasePoolSize: 4 });
  store = makePrismaOrderStore(database);
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

/** An order of two lines that is not stored yet, but held. */
const hold = async (minutes = 15): Promise<NewOrder> => {
  const now = new Date();
  const [id, userId] = [randomUUID(), randomUUID()];
  const item = (sku: string, amount: number) => ({
    productId: randomUUID(),
    sku,
    name: `The “${sku}”`,
    quantity: 2,
    unitPrice: { amount, currency: 'EUR' },
  });
  const limits = { ordersPerAccount: 5, unitsPerAccount: 100, unitsPerAddress: 100 };
  const claim = { orderId: id, userId, address: null, units: 4 };
  await makePrismaHoldStore(database).claimHold(claim, limits);
  return {
    id,
    userId,
    items: [item('B', 100), item('A', 9_007_199_254_740_991)],
    total: { amount: 9_007_199_254_740_991, currency: 'EUR' },
    reservedUntil: new Date(now.getTime() + minutes * 60_000),
    createdAt: now,
    updatedAt: now,
  };
};

const place = async (minutes?: number): Promise<Order> =>
  (await store.insertOrder(await hold(minutes), null, null)).order;

const lease = async (userId: string, operation: string): Promise<Lease> => {
  const claim = { userId, operation, key: randomUUID(), requestHash: new Uint8Array(1) };
  const rest = { subjectId: randomUUID(), leaseMs: 30_000 };
  const state = await makeIdempotencyStore(database.raw, 'order_id').claim({ ...claim, ...rest });
  if (state.state !== 'CLAIMED') throw new Error('the key is not claimed');
  return state.lease;
};

const responseOf = async ({ key }: Lease): Promise<unknown> =>
  (
    await testDatabase.query<{ response: unknown }>(
      'SELECT response FROM idempotency_keys WHERE key = $1',
      [key],
    )
  )[0]?.response;

const dueIn = async ({ id }: Pick<Order, 'id'>): Promise<number | null | undefined> => {
  const [row] = await testDatabase.query<{ seconds: number | null }>(
    'SELECT extract(epoch FROM due_at - now())::float AS seconds FROM orders WHERE id = $1',
    [id],
  );
  return row?.seconds;
};

const historyOf = async ({ id }: Order) =>
  (await store.findHistory([id])).map(({ type, reason }) => (reason ? `${type} ${reason}` : type));

const succeeded = { actor: SYSTEM, paymentResult: 'SUCCEEDED' };

describe('an order that is placed', () => {
  it('is read as it was returned, with its lines in order', async () => {
    const created = await hold();
    const { order } = await store.insertOrder(created, null, null);
    const { number } = order;
    const fresh = { status: 'PENDING', cancellation: null, hasAddress: false };
    expect(order).toEqual({ ...created, ...fresh, number });
    expect(await store.findOrders([order.id])).toEqual([order]);
    expect(await store.findState(order.id)).toMatchObject({ order });
    expect(await historyOf(order)).toEqual(['CREATED']);
  });

  it('is the response of its key, only while the lease is held', async () => {
    const created = await hold();
    const held = await lease(created.userId, 'createOrder');
    const lost = await lease(randomUUID(), 'createOrder');
    const { order, isResponseSaved } = await store.insertOrder(created, null, held);
    expect(isResponseSaved).toBe(true);
    const { hasAddress, ...stored } = order;
    expect(hasAddress).toBe(false);
    expect(await responseOf(held)).toEqual(JSON.parse(JSON.stringify(stored)));
    const late = { ...lost, lockedUntil: new Date(lost.lockedUntil.getTime() - 1) };
    const other = await store.insertOrder(await hold(), null, late);
    expect([other.isResponseSaved, await responseOf(lost)]).toEqual([false, null]);
  });

  it('is returned to a repeat as it is then, and is stored once', async () => {
    const created = await hold();
    const concurrent = await Promise.all(
      Array.from({ length: 4 }, () => store.insertOrder(created, null, null)),
    );
    const [first] = concurrent;
    expect(concurrent.map(({ order }) => order)).toEqual(Array(4).fill(first?.order));
    expect(await historyOf(concurrent[0]!.order)).toEqual(['CREATED']);
    const cancelled = await store.cancelOrder(first!.order, 'ADMIN', { actor: SYSTEM }, 0);
    expect((await store.insertOrder(created, null, null)).order).toEqual(cancelled);
  });
});

describe('a payment that starts', () => {
  it.each([
    [-9, -8],
    [240, 15],
  ])('is checked soon, also by a repeat of one that is due in %d s', async (due, most) => {
    const order = await place();
    expect(await store.startPayment(order.id, order.userId)).toEqual(order);
    const seconds = (await dueIn(order)) ?? 0;
    expect(seconds).toBeGreaterThan(10);
    expect(seconds).toBeLessThanOrEqual(15);
    const later = 'UPDATE orders SET due_at = now() + make_interval(secs => $2) WHERE id = $1';
    await testDatabase.query(later, [order.id, due]);
    await store.startPayment(order.id, order.userId);
    expect(await dueIn(order)).toBeLessThanOrEqual(most);
    expect(await historyOf(order)).toEqual(['CREATED', 'PAYMENT_STARTED']);
  });

  it('is of one’s own order, pending and within its time', async () => {
    const [other, late, ended] = [await place(), await place(-1), await place()];
    await store.cancelOrder(ended, 'CUSTOMER_REQUEST', { actor: SYSTEM }, 0);
    expect(await store.startPayment(other.id, randomUUID())).toBeNull();
    expect(await store.startPayment(late.id, late.userId)).toBeNull();
    expect(await store.startPayment(ended.id, ended.userId)).toBeNull();
    expect(await historyOf(other)).toEqual(['CREATED']);
  });

  it('revives an order that is dead', async () => {
    const order = await place();
    await testDatabase.query('UPDATE orders SET dead_at = now(), due_at = NULL WHERE id = $1', [
      order.id,
    ]);
    await store.startPayment(order.id, order.userId);
    expect(await dueIn(order)).toBeGreaterThan(10);
  });
});

describe('an order that is confirmed', () => {
  it('is due until its stock is settled, and then has nothing left to do', async () => {
    const order = await place();
    await store.startPayment(order.id, order.userId);
    const confirmed = await store.confirmOrder(order, succeeded, 15_000);
    expect(await store.findOrders([order.id])).toEqual([confirmed]);
    expect(await dueIn(order)).toBeGreaterThan(10);
    const keyed = { lease: await lease(order.userId, 'payOrder'), response: { its: 'response' } };
    expect(await store.recordSettled(confirmed!, keyed)).toBe(true);
    expect(await responseOf(keyed.lease)).toEqual(keyed.response);
    expect(await dueIn(order)).toBeNull();
    expect(await historyOf(order)).toEqual([
      'CREATED',
      'PAYMENT_STARTED',
      'PAYMENT_DECIDED SUCCEEDED',
      'CONFIRMED',
      'STOCK_SETTLED COMMITTED',
    ]);
  });

  it('is confirmed once, by one of many', async () => {
    const order = await place();
    const confirm = () => store.confirmOrder(order, succeeded, 0);
    const cancel = () => store.cancelOrder(order, 'CUSTOMER_REQUEST', { actor: SYSTEM }, 0);
    const ends = await Promise.all([confirm(), cancel(), confirm(), cancel()]);
    expect(ends.filter((end) => end !== null)).toHaveLength(1);
    const events = await testDatabase.query(
      "SELECT 1 FROM events WHERE envelope->>'subject' = $1 AND envelope->>'type' <> 'order.created'",
      [order.id],
    );
    expect(events).toHaveLength(1);
  });

  it('stores the response also when a sweeper settled the stock first', async () => {
    const confirmed = await store.confirmOrder(await place(), succeeded, 0);
    await store.recordSettled(confirmed!, null);
    const keyed = { lease: await lease(confirmed!.userId, 'payOrder'), response: 1 };
    expect(await store.recordSettled(confirmed!, keyed)).toBe(true);
    expect(await store.recordSettled(confirmed!, keyed)).toBe(false);
  });
});

describe('an order that is cancelled', () => {
  it('is due after it was settled while its payment is not known', async () => {
    const order = await place();
    await store.startPayment(order.id, order.userId);
    const cancelled = await store.cancelOrder(order, 'CUSTOMER_REQUEST', { actor: SYSTEM }, 0);
    expect(await dueIn(order)).toBeLessThanOrEqual(0);
    await store.recordSettled(cancelled!, null);
    const seconds = (await dueIn(order)) ?? 0;
    expect(seconds).toBeGreaterThan(10);
    expect(seconds).toBeLessThanOrEqual(15);
    await store.recordOutcome(order.id, 'card_declined');
    expect(await dueIn(order)).toBeNull();
  });

  it('owes a refund, once, when it was paid', async () => {
    const order = await place();
    const cancelled = (await store.cancelOrder(order, 'EXPIRED', { actor: SYSTEM }, 0))!;
    for (let paid = 0; paid < 2; paid += 1) await store.oweRefund(cancelled);
    await store.recordSettled(cancelled, null);
    expect(await dueIn(order)).toBeLessThanOrEqual(0);
    await store.recordRefunded(order.id);
    expect(await dueIn(order)).toBeNull();
    await store.oweRefund(cancelled);
    expect(await dueIn(order)).toBeNull();
    expect(await historyOf(order)).toEqual([
      'CREATED',
      'CANCELLED EXPIRED',
      'PAYMENT_DECIDED SUCCEEDED',
      'REFUND_REQUESTED EXPIRED',
      'STOCK_SETTLED RELEASED',
    ]);
  });

  it('owes a refund immediately when its stock was sold to others', async () => {
    const confirmed = await store.confirmOrder(await place(), succeeded, 0);
    const cancelled = await store.cancelOrder(confirmed!, 'OUT_OF_STOCK', { actor: SYSTEM }, 0);
    expect((await store.findState(cancelled!.id))?.work.refundOwedAt).toBeInstanceOf(Date);
    expect(await historyOf(cancelled!)).toEqual([
      'CREATED',
      'PAYMENT_DECIDED SUCCEEDED',
      'CONFIRMED',
      'CANCELLED OUT_OF_STOCK',
      'REFUND_REQUESTED OUT_OF_STOCK',
    ]);
    await store.recordRefunded(cancelled!.id);
    // Its stock is not settled yet.
    expect(await dueIn(cancelled!)).toBeLessThanOrEqual(0);
  });
});
