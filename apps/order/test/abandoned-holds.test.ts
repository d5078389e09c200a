import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder({ SERVICE_TIMEOUT_MS: '60000' });
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const stockOf = (productId: string) => shop.services.products.get(productId)?.stock;

const newRequest = () => {
  const productId = shop.services.addProduct();
  const input = { items: [{ productId, quantity: 2 }], idempotencyKey: randomUUID() };
  return { ada: shop.signIn(), productId, input };
};

const countHolds = async (userId: string): Promise<number> =>
  (await shop.database.query('SELECT 1 FROM stock_holds WHERE user_id = $1', [userId])).length;

const countOrders = async (userId: string): Promise<number> =>
  (await shop.database.query('SELECT 1 FROM orders WHERE user_id = $1', [userId])).length;

describe('a request whose hold is abandoned', () => {
  it('reserves nothing after that, and its repeat makes an order', async () => {
    const { ada, productId, input } = newRequest();
    const unblock = shop.services.block('ReserveStock');
    const slow = ada.tryToCreate(input);
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    await shop.endHoldTimes();
    await eventually(async () => expect(await countHolds(ada.id)).toBe(0), 20_000);
    unblock();
    const { errors } = await slow;
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([10, 0]);
    expect(await ada.create(input)).toMatchObject({ status: 'PENDING' });
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([8, 1]);
  });

  it('makes no order after that, and its stock is available again', async () => {
    const { ada, productId, input } = newRequest();
    const locker = new Client(shop.database.url);
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE orders IN EXCLUSIVE MODE');
    const slow = ada.tryToCreate(input);
    await eventually(() => expect(stockOf(productId)).toBe(8));
    await shop.endHoldTimes();
    await eventually(() => expect(stockOf(productId)).toBe(10), 20_000);
    await locker.query('ROLLBACK');
    await locker.end();
    const { errors } = await slow;
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([10, 0]);
    expect(await ada.create(input)).toMatchObject({ status: 'PENDING' });
    expect(stockOf(productId)).toBe(8);
  });

  it('gets its stock released when the product service is up again', async () => {
    const { ada, productId, input } = newRequest();
    shop.services.setFault('response lost', 'ReserveStock');
    await ada.tryToCreate(input);
    expect(stockOf(productId)).toBe(8);
    shop.services.setFault('error', 'CloseReservation');
    const calls = shop.services.countCalls('CloseReservation');
    await shop.endHoldTimes();
    await eventually(
      () => expect(shop.services.countCalls('CloseReservation')).toBeGreaterThan(calls),
      20_000,
    );
    expect([stockOf(productId), await countHolds(ada.id)]).toEqual([8, 1]);
    shop.services.clearFaults();
    await eventually(async () => expect(await countHolds(ada.id)).toBe(0), 20_000);
    expect(stockOf(productId)).toBe(10);
  });

  it('does not lose its stock when a repeat made the order', async () => {
    const { ada, productId, input } = newRequest();
    shop.services.setFault('response lost', 'ReserveStock');
    await ada.tryToCreate(input);
    shop.services.clearFaults();
    const calls = shop.services.countCalls('CloseReservation');
    const order = await ada.create(input);
    expect(order.status).toBe('PENDING');
    await shop.endHoldTimes();
    // The release of another hold shows that the sweep has run.
    const other = newRequest();
    shop.services.setFault('response lost', 'ReserveStock');
    await other.ada.tryToCreate(other.input);
    shop.services.clearFaults();
    await shop.endHoldTimes();
    await eventually(() => expect(stockOf(other.productId)).toBe(10), 20_000);
    expect(shop.services.countCalls('CloseReservation')).toBe(calls + 1);
    expect([stockOf(productId), shop.services.reservations.get(order.id)?.status]).toEqual([
      8,
      'HELD',
    ]);
  });
});
