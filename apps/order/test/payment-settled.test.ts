import { randomUUID } from 'node:crypto';
import { eventually } from '@cartograph/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

describe('paymentDecided', () => {
  it('reads the payment status from the payment service', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const notify = async () => (await shop.notifySettled(id)).data.paymentDecided as unknown;
    expect(await notify()).toEqual({ id, status: 'PENDING' });
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    expect(await notify()).toEqual({ id, status: 'PENDING' });
    shop.services.settlePayment(id, 'SUCCEEDED');
    expect(await notify()).toEqual({ id, status: 'CONFIRMED' });
    expect(await notify()).toEqual({ id, status: 'CONFIRMED' });
    expect(reservationOf(id)).toBe('COMMITTED');
  });

  it('does not confirm an order whose payment was refunded before it was checked', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    shop.services.settlePayment(id, 'REFUNDED');
    expect((await shop.signIn('ADMIN').updateStatus(id, 'CONFIRMED')).code).toBe('ORDER_NOT_PAID');
    await shop.notifySettled(id);
    expect(await ada.pay(id)).toMatchObject({
      code: 'PAYMENT_DECLINED',
      reason: 'refunded',
      order: { status: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED' } },
    });
    expect(reservationOf(id)).toBe('RELEASED');
    // The bank may return the refund, so all of the payment is owed from then on.
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(shop.services.payments.get(`${id}:1`)?.refunds).toEqual(['PAYMENT_FAILED']);
      const due = await shop.database.query(
        'SELECT 1 FROM orders WHERE id = $1 AND due_at IS NOT NULL',
        [id],
      );
      expect(due).toEqual([]);
    }, 40_000);
    const history = await ada.historyOf(id);
    expect(history?.slice(2).map(({ type, reason }) => [type, reason])).toEqual([
      ['CANCELLED', 'PAYMENT_FAILED'],
      ['STOCK_SETTLED', 'RELEASED'],
      ['PAYMENT_DECIDED', 'SUCCEEDED'],
      ['REFUND_REQUESTED', 'PAYMENT_FAILED'],
    ]);
  });

  it('is null for an unknown order', async () => {
    const { data, errors } = await shop.notifySettled(randomUUID());
    expect([data.paymentDecided, errors]).toEqual([null, []]);
  });

  it('is unavailable while the payment service is down', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('down', 'PaymentStatus');
    const { errors } = await shop.notifySettled(id);
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
  });

  it('is for peer services only', async () => {
    const query = 'mutation ($orderId: ID!) { paymentDecided(orderId: $orderId) { id } }';
    const { id } = await shop.signIn().createAny();
    const { errors } = await shop.signIn('ADMIN').query(query, { orderId: id });
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
