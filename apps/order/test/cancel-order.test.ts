import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { CANCEL } from './operations.ts';
import { openOrder, type EventView, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

const paymentOf = (orderId: string) => shop.services.payments.get(`${orderId}:1`);

const isRefundOwed = async (orderId: string): Promise<boolean> => {
  const rows = await shop.database.query(
    'SELECT id FROM orders WHERE id = $1 AND refund_owed_at IS NOT NULL AND refunded_at IS NULL',
    [orderId],
  );
  return rows.length > 0;
};

describe('cancelOrder', () => {
  it('cancels a customer’s own pending order and releases its stock', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const cancelled = await ada.cancel(id, { reason: 'found it cheaper' });
    expect(cancelled).toMatchObject({
      __typename: 'Order',
      id,
      status: 'CANCELLED',
      cancellation: { reason: 'CUSTOMER_REQUEST', at: expect.any(String) },
    });
    expect(reservationOf(id)).toBe('RELEASED');
    for (const reader of [ada, shop.signIn('ADMIN')]) {
      expect(await reader.historyOf(id)).toContainEqual(
        expect.objectContaining({
          type: 'CANCELLED',
          note: 'found it cheaper',
          user: { id: ada.id },
        }),
      );
    }
  });

  it('cancels any pending order for an administrator, with the reason ADMIN', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const { id } = await ada.createAny();
    expect(await admin.cancel(id, { reason: 'a fraud' })).toMatchObject({
      cancellation: { reason: 'ADMIN' },
    });
    const notes = (events: EventView[] = []) => events.map(({ note }) => note);
    expect(notes(await ada.historyOf(id))).not.toContain('a fraud');
    expect(notes(await admin.historyOf(id))).toContain('a fraud');
    const own = await admin.createAny();
    expect(await admin.cancel(own.id)).toMatchObject({
      cancellation: { reason: 'CUSTOMER_REQUEST' },
    });
  });

  it('returns the same order to a repeat, and changes nothing', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const first = await ada.cancel(id);
    const again = await Promise.all(Array.from({ length: 10 }, () => ada.cancel(id)));
    expect(again).toEqual(Array(10).fill(first));
    const ends = (await ada.historyOf(id))?.filter((event) => event.type === 'CANCELLED');
    expect(ends).toHaveLength(1);
  });

  it('refuses an order that ended in another way, and returns it', async () => {
    const ada = shop.signIn();
    const admin = shop.signIn('ADMIN');
    const [paid, declined, taken] = [
      await ada.createAny(),
      await ada.createAny(),
      await ada.createAny(),
    ];
    await ada.pay(paid.id);
    await ada.pay(declined.id, { paymentMethod: 'sim_decline' });
    await admin.cancel(taken.id);
    for (const [order, status] of [
      [paid, 'CONFIRMED'],
      [declined, 'CANCELLED'],
      [taken, 'CANCELLED'],
    ] as const) {
      expect(await ada.cancel(order.id)).toMatchObject({
        code: 'ORDER_NOT_PENDING',
        order: { id: order.id, status },
      });
    }
    expect(reservationOf(paid.id)).toBe('COMMITTED');
  });

  it('does not find the order of another customer, or one that does not exist', async () => {
    const { id } = await shop.signIn().createAny();
    const stranger = shop.signIn();
    expect((await stranger.cancel(id)).code).toBe('ORDER_NOT_FOUND');
    expect((await stranger.cancel(randomUUID())).code).toBe('ORDER_NOT_FOUND');
    expect(reservationOf(id)).toBe('HELD');
  });

  it.each([
    ['orderId', { orderId: 'nonsense' }],
    ['reason', { reason: '' }],
    ['reason', { reason: 'r'.repeat(501) }],
    ['reason', { reason: 'NUL\0' }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('refuses a %s that is not allowed: %j', async (path, input) => {
    expect(await shop.signIn().cancel(randomUUID(), input)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
  });

  it('requires a signed-in customer', async () => {
    const { errors } = await shop.send(CANCEL, { input: { orderId: randomUUID() } });
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('releases the stock later when the product service is down', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('down', 'CloseReservation');
    expect((await ada.cancel(id)).status).toBe('CANCELLED');
    expect(reservationOf(id)).toBe('HELD');
    shop.services.clearFaults();
    await eventually(() => expect(reservationOf(id)).toBe('RELEASED'), 40_000);
  });
});

describe('a payment that succeeds after its order was cancelled', () => {
  it('is refunded, once, and the payer gets ORDER_NOT_PENDING', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const unblock = shop.services.block('CreatePaymentIntent');
    const paying = ada.pay(id);
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    expect((await ada.cancel(id)).status).toBe('CANCELLED');
    unblock();
    expect(await paying).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
    });
    await eventually(() =>
      expect(paymentOf(id)).toMatchObject({ status: 'REFUNDED', refunds: ['CUSTOMER_REQUEST'] }),
    );
    await Promise.all(Array.from({ length: 5 }, () => shop.notifySettled(id)));
    expect(await isRefundOwed(id)).toBe(false);
    expect(paymentOf(id)?.refunds).toHaveLength(1);
    expect(reservationOf(id)).toBe('RELEASED');
    expect((await ada.historyOf(id))?.map((event) => event.type)).toEqual([
      'CREATED',
      'PAYMENT_STARTED',
      'CANCELLED',
      'STOCK_SETTLED',
      'PAYMENT_DECIDED',
      'REFUND_REQUESTED',
    ]);
  });

  it('is refunded by the check of the payment when the payer got no response', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('response lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    await ada.cancel(id);
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(paymentOf(id)?.status).toBe('REFUNDED');
    });
  });

  it('is refunded after retries while the payment service fails', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    await ada.cancel(id);
    shop.services.setFault('error', 'RefundForOrder');
    shop.services.settlePayment(id, 'SUCCEEDED');
    await shop.notifySettled(id);
    const calls = () => shop.services.countCalls('RefundForOrder');
    const before = calls();
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(calls()).toBeGreaterThan(before + 1);
    });
    expect(paymentOf(id)?.status).toBe('SUCCEEDED');
    shop.services.clearFaults();
    await eventually(async () => {
      await shop.makeOrdersDue();
      expect(paymentOf(id)?.status).toBe('REFUNDED');
    });
  });

  it('is not refunded when it was declined', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    await ada.cancel(id);
    shop.services.settlePayment(id, 'FAILED');
    expect((await shop.notifySettled(id)).data.paymentDecided).toEqual({ id, status: 'CANCELLED' });
    expect(await isRefundOwed(id)).toBe(false);
    expect(paymentOf(id)?.refunds).toBeUndefined();
  });
});
