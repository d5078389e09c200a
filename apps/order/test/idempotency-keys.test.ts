import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const keyed = () => ({ idempotencyKey: randomUUID() });

type Row = { operation: string; response: unknown; locked_until: Date };

const rowsOf = (idempotencyKey: string) =>
  shop.database.query<Row>(
    'SELECT operation, response, locked_until FROM idempotency_keys WHERE key = $1',
    [idempotencyKey],
  );

/** Ends the lease of a key, as after a crash. */
const endLease = (idempotencyKey: string) =>
  shop.database.query(
    "UPDATE idempotency_keys SET locked_until = now() - interval '1 second' WHERE key = $1",
    [idempotencyKey],
  );

describe('a repeat with the same key', () => {
  it('gets the first response, though the order changed since', async () => {
    const ada = shop.signIn();
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const input = { items, ...keyed() };
    const created = await ada.create(input);
    const payment = { paymentMethod: 'sim_pending', ...keyed() };
    const pending = await ada.pay(created.id, payment);
    expect(pending.status).toBe('PENDING');
    shop.services.settlePayment(created.id, 'SUCCEEDED');
    await shop.notifySettled(created.id);
    expect((await ada.find(created.id))?.status).toBe('CONFIRMED');
    expect(await ada.create(input)).toEqual(created);
    expect(await ada.pay(created.id, payment)).toEqual(pending);
    // A request without the key gets the current order.
    expect((await ada.pay(created.id)).status).toBe('CONFIRMED');
  });

  it('gets the same problem, with the order as it was then', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const payment = { paymentMethod: 'sim_decline', ...keyed() };
    const declined = await ada.pay(id, payment);
    expect(declined.code).toBe('PAYMENT_DECLINED');
    shop.services.setFault('down', 'PaymentStatus', 'CreatePaymentIntent');
    expect(await ada.pay(id, payment)).toEqual(declined);
    expect(declined.order?.status).toBe('CANCELLED');
  });

  it('gets the same cancellation; another reason is a conflict', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const input = { reason: 'changed my mind', ...keyed() };
    const cancelled = await ada.cancel(id, input);
    expect(await ada.cancel(id, input)).toEqual(cancelled);
    expect((await ada.cancel(id, { ...input, reason: 'another' })).code).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
  });

  it('with another operation is another request', async () => {
    const ada = shop.signIn();
    const key = keyed();
    const items = [{ productId: shop.services.addProduct(), quantity: 1 }];
    const { id } = await ada.create({ items, ...key });
    expect((await ada.pay(id, key)).status).toBe('CONFIRMED');
    expect((await ada.cancel(id, key)).code).toBe('ORDER_NOT_PENDING');
    const rows = await rowsOf(key.idempotencyKey);
    expect(rows.map((row) => row.operation).sort()).toEqual([
      'cancelOrder',
      'createOrder',
      'payOrder',
    ]);
  });

  it('is separate for each customer', async () => {
    const [ada, bob] = [shop.signIn(), shop.signIn()];
    const { id } = await ada.createAny();
    const key = keyed();
    await ada.pay(id, key);
    expect((await bob.pay(id, key)).code).toBe('ORDER_NOT_FOUND');
  });
});

describe('a repeat while the first request is in progress', () => {
  it('waits for it and gets its response, with one charge', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const calls = shop.services.countCalls('CreatePaymentIntent');
    const unblock = shop.services.block('CreatePaymentIntent');
    const key = keyed();
    const payers = Array.from({ length: 30 }, () => ada.pay(id, key));
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    unblock();
    const results = await Promise.all(payers);
    expect(results).toEqual(Array(30).fill(results[0]));
    expect(results[0]?.status).toBe('CONFIRMED');
    expect(shop.services.countCalls('CreatePaymentIntent')).toBe(calls + 1);
  });

  it('gets REQUEST_IN_FLIGHT when that takes too long', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const key = keyed();
    await ada.pay(id, key);
    // As if the first were in progress: no response, and a lease.
    await shop.database.query(
      "UPDATE idempotency_keys SET response = NULL, locked_until = now() + interval '20 seconds' WHERE key = $1",
      [key.idempotencyKey],
    );
    expect(await ada.pay(id, key)).toEqual({
      __typename: 'RequestInFlightProblem',
      code: 'REQUEST_IN_FLIGHT',
      retryAfterSeconds: 5,
    });
  });
});

describe('a key whose request failed', () => {
  it('is free immediately, and keeps its order id', async () => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    const input = { items: [{ productId, quantity: 2 }], ...keyed() };
    shop.services.setFault('response lost', 'ReserveStock');
    expect((await ada.tryToCreate(input)).errors[0]?.extensions.code).toBe('UNAVAILABLE');
    const [row] = await rowsOf(input.idempotencyKey);
    expect(row?.response).toBeNull();
    expect(row?.locked_until.getTime()).toBeLessThan(Date.now());
    shop.services.clearFaults();
    const order = await ada.create(input);
    expect([...shop.services.reservations.keys()]).toContain(order.id);
    expect(shop.services.products.get(productId)?.stock).toBe(8);
  });
});

describe('a key whose process was killed', () => {
  it.each([
    ['before the stock was reserved', 'DELETE FROM order_items WHERE order_id = $1'],
    ['before the response was stored', null],
  ])('%s continues with the same order after its lease', async (_when, undo) => {
    const ada = shop.signIn();
    const productId = shop.services.addProduct();
    const input = { items: [{ productId, quantity: 2 }], ...keyed() };
    const first = await ada.create(input);
    await shop.database.query(
      "UPDATE idempotency_keys SET response = NULL, locked_until = now() + interval '20 seconds' WHERE key = $1",
      [input.idempotencyKey],
    );
    if (undo !== null) {
      shop.services.reservations.delete(first.id);
      Object.assign(shop.services.products.get(productId) ?? {}, { stock: 10 });
      await shop.database.query('SET session_replication_role = replica');
      await shop.database.query(undo, [first.id]);
      await shop.database.query('DELETE FROM order_history WHERE order_id = $1', [first.id]);
      await shop.database.query('DELETE FROM orders WHERE id = $1', [first.id]);
      await shop.database.query('UPDATE stock_holds SET placed_at = NULL WHERE order_id = $1', [
        first.id,
      ]);
      await shop.database.query('SET session_replication_role = DEFAULT');
    }
    await endLease(input.idempotencyKey);
    const again = await ada.create(input);
    expect(again).toMatchObject({ id: first.id, status: 'PENDING' });
    expect(await ada.create(input)).toEqual(again);
    expect(shop.services.products.get(productId)?.stock).toBe(8);
  });

  it('does not charge again when it was killed after the charge', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const key = keyed();
    const paid = await ada.pay(id, key);
    await shop.database.query('UPDATE idempotency_keys SET response = NULL WHERE key = $1', [
      key.idempotencyKey,
    ]);
    await endLease(key.idempotencyKey);
    const calls = shop.services.countCalls('CreatePaymentIntent');
    expect(await ada.pay(id, key)).toEqual(paid);
    expect(shop.services.countCalls('CreatePaymentIntent')).toBe(calls);
  });
});

describe('a request that is slower than its lease', () => {
  it('gets the response of the request that took over', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const key = { paymentMethod: 'sim_pending', ...keyed() };
    const unblock = shop.services.block('CreatePaymentIntent');
    const slow = ada.pay(id, key);
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    await endLease(key.idempotencyKey);
    // It takes over and ends before the slow one: the order is cancelled by then.
    await ada.cancel(id);
    const quick = await ada.pay(id, key);
    expect(quick.code).toBe('ORDER_NOT_PENDING');
    unblock();
    expect(await slow).toEqual(quick);
    expect(await ada.pay(id, key)).toEqual(quick);
  });
});

describe('keys that are older than a day', () => {
  it('are purged, except those in flight', async () => {
    const ada = shop.signIn();
    const keys = [keyed(), keyed(), keyed()].map((key) => key.idempotencyKey);
    const [old, young, busy] = keys;
    for (const idempotencyKey of keys) await ada.pay(randomUUID(), { idempotencyKey });
    const age = (key: string | undefined, hours: number, more = '') =>
      shop.database.query(
        `UPDATE idempotency_keys SET created_at = now() - make_interval(hours => $2) ${more} WHERE key = $1`,
        [key, hours],
      );
    await age(old, 25, ", locked_until = now() - interval '1 hour'");
    await age(young, 23, ", locked_until = now() - interval '1 hour'");
    await age(busy, 25, ", response = NULL, locked_until = now() + interval '1 minute'");
    await shop.database.query("SELECT graphile_worker.add_job('forget_answers')");
    await eventually(async () => expect(await rowsOf(old ?? '')).toEqual([]));
    expect(await rowsOf(young ?? '')).toHaveLength(1);
    expect(await rowsOf(busy ?? '')).toHaveLength(1);
  });

  it('are purged on a schedule', async () => {
    const rows = await shop.database.query(
      'SELECT identifier FROM graphile_worker._private_known_crontabs',
    );
    expect(rows).toContainEqual({ identifier: 'forget_answers' });
  });
});
