import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { Client } from 'pg';
import { endHoldTimes } from './hold-times.ts';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ SERVICE_TIMEOUT_MS: '60000' });
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const stockOf = (productId: string) => shop.sisters.products.get(productId)?.stock;

const newRequest = () => {
  const productId = shop.sisters.addProduct();
  const input = { items: [{ productId, quantity: 2 }], idempotencyKey: randomUUID() };
  return { ada: shop.signIn(), productId, input };
};

const countHolds = async (userId: string): Promise<number> =>
  (await shop.database.query('SELECT 1 FROM stock_holds WHERE user_id = $1', [userId])).length;

const countOrders = async (userId: string): Promise<number> =>
  (await shop.database.query('SELECT 1 FROM orders WHERE user_id = $1', [userId])).length;

describe('a request that is taken for dead', () => {
  it('and comes to reserve after that holds nothing, and its repeat makes an order', async () => {
    const { ada, productId, input } = newRequest();
    const letGo = shop.sisters.hold('ReserveStock');
    const slow = ada.tryToCreate(input);
    await eventually(() => expect(shop.sisters.isHolding()).toBe(true));
    await endHoldTimes(shop);
    await eventually(async () => expect(await countHolds(ada.id)).toBe(0), 20_000);
    letGo();
    const { errors } = await slow;
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([10, 0]);
    expect(await ada.create(input)).toMatchObject({ status: 'PENDING' });
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([8, 1]);
  });

  it('and comes to make its order after that makes none: the stock is on sale again', async () => {
    const { ada, productId, input } = newRequest();
    const locker = new Client(shop.database.url);
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE orders IN EXCLUSIVE MODE');
    const slow = ada.tryToCreate(input);
    await eventually(() => expect(stockOf(productId)).toBe(8));
    await endHoldTimes(shop);
    await eventually(() => expect(stockOf(productId)).toBe(10), 20_000);
    await locker.query('ROLLBACK');
    await locker.end();
    const { errors } = await slow;
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect([stockOf(productId), await countOrders(ada.id)]).toEqual([10, 0]);
    expect(await ada.create(input)).toMatchObject({ status: 'PENDING' });
    expect(stockOf(productId)).toBe(8);
  });

  it('is given back when the product service answers again', async () => {
    const { ada, productId, input } = newRequest();
    shop.sisters.breakDown('answer lost', 'ReserveStock');
    await ada.tryToCreate(input);
    expect(stockOf(productId)).toBe(8);
    shop.sisters.breakDown('error', 'CloseReservation');
    const asked = shop.sisters.timesAsked('CloseReservation');
    await endHoldTimes(shop);
    await eventually(
      () => expect(shop.sisters.timesAsked('CloseReservation')).toBeGreaterThan(asked),
      20_000,
    );
    expect([stockOf(productId), await countHolds(ada.id)]).toEqual([8, 1]);
    shop.sisters.mend();
    await eventually(async () => expect(await countHolds(ada.id)).toBe(0), 20_000);
    expect(stockOf(productId)).toBe(10);
  });

  it('is not, while its time lasts, or when a repeat goes on with it', async () => {
    const { ada, productId, input } = newRequest();
    shop.sisters.breakDown('answer lost', 'ReserveStock');
    await ada.tryToCreate(input);
    shop.sisters.mend();
    const asked = shop.sisters.timesAsked('CloseReservation');
    const order = await ada.create(input);
    expect(order.status).toBe('PENDING');
    await endHoldTimes(shop);
    // Another request that is swept shows that the sweep came by.
    const other = newRequest();
    shop.sisters.breakDown('answer lost', 'ReserveStock');
    await other.ada.tryToCreate(other.input);
    shop.sisters.mend();
    await endHoldTimes(shop);
    await eventually(() => expect(stockOf(other.productId)).toBe(10), 20_000);
    expect(shop.sisters.timesAsked('CloseReservation')).toBe(asked + 1);
    expect([stockOf(productId), shop.sisters.reservations.get(order.id)?.status]).toEqual([
      8,
      'HELD',
    ]);
  });
});
