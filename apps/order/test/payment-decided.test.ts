import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.sisters.reservations.get(orderId)?.status;

describe('paymentDecided', () => {
  it('asks what is true, and believes nothing else', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const tell = async () => (await shop.tellDecided(id)).data.paymentDecided as unknown;
    expect(await tell()).toEqual({ id, status: 'PENDING' });
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    expect(await tell()).toEqual({ id, status: 'PENDING' });
    shop.sisters.decide(id, 'SUCCEEDED');
    expect(await tell()).toEqual({ id, status: 'CONFIRMED' });
    expect(await tell()).toEqual({ id, status: 'CONFIRMED' });
    expect(reservationOf(id)).toBe('COMMITTED');
  });

  it('does not confirm an order whose money was given back before anybody noticed it', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    shop.sisters.decide(id, 'REFUNDED');
    expect((await shop.signIn('ADMIN').updateStatus(id, 'CONFIRMED')).code).toBe('ORDER_NOT_PAID');
    await shop.tellDecided(id);
    expect(await ada.pay(id)).toMatchObject({
      code: 'PAYMENT_DECLINED',
      reason: 'refunded',
      order: { status: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED' } },
    });
    expect(reservationOf(id)).toBe('RELEASED');
  });

  it('is null for an order that is not there', async () => {
    const { data, errors } = await shop.tellDecided(randomUUID());
    expect([data.paymentDecided, errors]).toEqual([null, []]);
  });

  it('is not answered while what is true can’t be asked', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('away', 'PaymentStatus');
    const { errors } = await shop.tellDecided(id);
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
  });

  it('is for sister services alone', async () => {
    const query = 'mutation ($orderId: ID!) { paymentDecided(orderId: $orderId) { id } }';
    const { id } = await shop.signIn().createAny();
    const { errors } = await shop.signIn('ADMIN').ask(query, { orderId: id });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
