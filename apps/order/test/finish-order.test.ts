import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

/** Ends the time to pay: long ago, so that the order has expired, or only just. */
const expire = (orderId: string, secondsAgo = 31) =>
  shop.database.query(
    'UPDATE orders SET reserved_until = now() - make_interval(secs => $2) WHERE id = $1',
    [orderId, secondsAgo],
  );

/** Seconds until an order is due. */
const secondsToNextStep = async (orderId: string) => {
  const [order] = await shop.database.query<{ seconds: number }>(
    'SELECT extract(epoch FROM due_at - now())::float AS seconds FROM orders WHERE id = $1',
    [orderId],
  );
  return order?.seconds;
};

/** Processes all orders with work to do, again until `check` passes. */
const workUntil = (check: () => unknown) =>
  eventually(async () => {
    await shop.makeOrdersDue();
    await check();
  }, 40_000);

describe('an order that ended while the product service was down', () => {
  it('responds immediately, and its stock follows later', async () => {
    const ada = shop.signIn();
    const [good, bad] = [await ada.createAny(), await ada.createAny()];
    shop.services.setFault('down', 'CommitReservation', 'CloseReservation');
    expect((await ada.pay(good.id)).status).toBe('CONFIRMED');
    const declined = await ada.pay(bad.id, { paymentMethod: 'sim_decline' });
    expect(declined.order?.status).toBe('CANCELLED');
    const settled = () => [reservationOf(good.id), reservationOf(bad.id)];
    expect(settled()).toEqual(['HELD', 'HELD']);
    shop.services.clearFaults();
    // Without makeOrdersDue: they must be due soon enough.
    await eventually(() => expect(settled()).toEqual(['COMMITTED', 'RELEASED']), 40_000);
  });

  it('is settled by retries once the product service is up', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('error', 'CommitReservation');
    await ada.pay(id);
    await workUntil(async () => {
      const failed = await shop.database.query(
        'SELECT id FROM orders WHERE due_attempts > 0 AND due_error IS NOT NULL',
      );
      expect(failed).not.toEqual([]);
    });
    expect(reservationOf(id)).toBe('HELD');
    shop.services.clearFaults();
    await workUntil(() => expect(reservationOf(id)).toBe('COMMITTED'));
  });
});

describe('a charge whose response was lost', () => {
  it.each([
    ['sim_success', 'CONFIRMED', 'COMMITTED'],
    ['sim_decline', 'CANCELLED', 'RELEASED'],
  ])('completes the order, without a second charge (%s)', async (method, status, settled) => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('response lost', 'CreatePaymentIntent');
    const { errors } = await ada.tryToPay({ orderId: id, paymentMethod: method });
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await ada.find(id))?.status).toBe('PENDING');
    expect(await secondsToNextStep(id)).toBeLessThan(30);
    // Without another request of the customer: nothing charges again.
    shop.services.setFault('error', 'CreatePaymentIntent');
    await workUntil(async () => expect((await ada.find(id))?.status).toBe(status));
    await eventually(() => expect(reservationOf(id)).toBe(settled));
  });

  it('still counts when the customer retries after the time to pay', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('response lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    shop.services.clearFaults();
    await expire(id);
    expect((await ada.pay(id)).status).toBe('CONFIRMED');
    expect(reservationOf(id)).toBe('COMMITTED');
  });
});

describe('a pending payment', () => {
  it('keeps the order pending past its time, until the payment is settled', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    await expire(id);
    // From then on a missing payment would be closed: this one stands.
    const calls = shop.services.countCalls('ClosePayment');
    await workUntil(() =>
      expect(shop.services.countCalls('ClosePayment')).toBeGreaterThan(calls + 1),
    );
    expect(await ada.pay(id)).toMatchObject({ status: 'PENDING', paymentStatus: 'PROCESSING' });
    expect(reservationOf(id)).toBe('HELD');
    shop.services.settlePayment(id, 'SUCCEEDED');
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CONFIRMED'));
  });

  it('is polled again after a while, which is no failure', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    const calls = shop.services.countCalls('PaymentStatus');
    await workUntil(() => expect(shop.services.countCalls('PaymentStatus')).toBeGreaterThan(calls));
    await eventually(async () => {
      const seconds = await secondsToNextStep(id);
      expect(seconds).toBeGreaterThan(5);
      // Not the lease of a sweeper, which is longer.
      expect(seconds).toBeLessThan(16);
    });
    const failed = await shop.database.query(
      'SELECT id FROM orders WHERE due_error IS NOT NULL AND id = $1',
      [id],
    );
    expect(failed).toEqual([]);
    shop.services.settlePayment(id, 'SUCCEEDED');
    await shop.notifySettled(id);
    expect((await ada.find(id))?.status).toBe('CONFIRMED');
  });

  it('cancels the order when its timeout is over; a later success is refunded', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_pending' });
    await expire(id, 8 * 60 - 5);
    await shop.notifySettled(id);
    expect((await ada.find(id))?.status).toBe('PENDING');
    await expire(id, 8 * 60);
    await shop.notifySettled(id);
    expect(await ada.find(id)).toMatchObject({
      status: 'CANCELLED',
      cancellation: { reason: 'EXPIRED' },
    });
    expect(reservationOf(id)).toBe('RELEASED');
    shop.services.settlePayment(id, 'SUCCEEDED');
    // Without a notification: the poll finds it.
    await workUntil(() =>
      expect(shop.services.payments.get(`${id}:1`)).toMatchObject({
        status: 'REFUNDED',
        refunds: ['EXPIRED'],
      }),
    );
  });
});

describe('a payment that was started in time and takes long', () => {
  it('is not lost when another payment is tried after the time to pay', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const unblock = shop.services.block('CreatePaymentIntent');
    const paying = ada.pay(id);
    await eventually(() => expect(shop.services.isBlocked()).toBe(true));
    await expire(id, 1);
    expect((await ada.pay(id)).code).toBe('ORDER_NOT_PENDING');
    expect((await ada.find(id))?.status).toBe('PENDING');
    unblock();
    expect((await paying).status).toBe('CONFIRMED');
    expect(await shop.sumConfirmed()).toBe(shop.services.sumCaptured());
  });
});

describe('an order without a payment', () => {
  it('expires and releases its stock', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await expire(id);
    await workUntil(async () =>
      expect(await ada.find(id)).toMatchObject({
        status: 'CANCELLED',
        cancellation: { reason: 'EXPIRED' },
      }),
    );
    await eventually(() => expect(reservationOf(id)).toBe('RELEASED'));
  });

  it('does not expire while the payment service is down', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.services.setFault('response lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    await expire(id);
    shop.services.setFault('down', 'PaymentStatus', 'ClosePayment');
    const { errors } = await ada.tryToPay({ orderId: id });
    expect(errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect((await ada.find(id))?.status).toBe('PENDING');
    shop.services.clearFaults();
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CONFIRMED'));
  });
});

describe('all work', () => {
  it('ends with no pending order, nothing due, and a balanced ledger', async () => {
    await workUntil(async () => expect(await shop.findDueOrders()).toEqual([]));
    expect(await shop.database.query("SELECT id FROM orders WHERE status = 'PENDING'")).toEqual([]);
    expect(await shop.sumConfirmed()).toBe(shop.services.sumCaptured());
    const { products, reservations } = shop.services;
    for (const [orderId, { status, lines }] of reservations) {
      const [line] = lines;
      expect([orderId, products.get(line?.productId ?? '')?.stock]).toEqual([
        orderId,
        status === 'COMMITTED' ? 9 : 10,
      ]);
    }
  });
});

describe('an order that is checked before its time', () => {
  it('is checked again, and expires when its time has come', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await shop.makeOrdersDue();
    await eventually(async () => expect(await secondsToNextStep(id)).toBeGreaterThan(600));
    await expire(id);
    await workUntil(async () => expect((await ada.find(id))?.status).toBe('CANCELLED'));
  });
});
