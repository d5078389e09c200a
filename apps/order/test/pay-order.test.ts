import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openOrder, type Shop } from './open-order.ts';
import type { Fault } from './fake-services.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openOrder();
});

afterEach(() => shop.services.clearFaults());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.services.reservations.get(orderId)?.status;

const paymentOf = (orderId: string) => shop.services.payments.get(`${orderId}:1`);

describe('payOrder', () => {
  it('captures the money, confirms the order and commits the stock', async () => {
    const ada = shop.signIn();
    const order = await ada.createAny();
    const paid = await ada.pay(order.id, { paymentMethod: 'sim_success' });
    expect(paid).toMatchObject({
      __typename: 'Order',
      id: order.id,
      number: order.number,
      status: 'CONFIRMED',
      paymentStatus: 'SUCCEEDED',
      paymentId: paymentOf(order.id)?.id,
      cancellation: null,
    });
    expect(await ada.find(order.id)).toMatchObject({ status: 'CONFIRMED' });
    expect(reservationOf(order.id)).toBe('COMMITTED');
    expect(paymentOf(order.id)).toMatchObject({ status: 'SUCCEEDED', amount: 1999 });
  });

  it('cancels the order and releases the stock when the payment is declined', async () => {
    const ada = shop.signIn();
    const order = await ada.createAny();
    const declined = await ada.pay(order.id, { paymentMethod: 'sim_decline' });
    expect(declined).toMatchObject({
      __typename: 'PaymentDeclinedProblem',
      code: 'PAYMENT_DECLINED',
      reason: 'card_declined',
      order: {
        id: order.id,
        status: 'CANCELLED',
        cancellation: { reason: 'PAYMENT_FAILED', at: expect.any(String) },
      },
    });
    expect(reservationOf(order.id)).toBe('RELEASED');
    expect(await ada.find(order.id)).toEqual(declined.order);
  });

  it.each([['sim_success'], ['sim_decline']])(
    'gives concurrent repeats one result and one charge (%s)',
    async (paymentMethod) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      const input = { paymentMethod, idempotencyKey: randomUUID() };
      const results = await Promise.all(Array.from({ length: 20 }, () => ada.pay(id, input)));
      const again = await ada.pay(id, input);
      expect(results).toEqual(Array(20).fill(again));
      expect(again.__typename).toBe(
        paymentMethod === 'sim_success' ? 'Order' : 'PaymentDeclinedProblem',
      );
      expect([...shop.services.payments.keys()].filter((key) => key.startsWith(id))).toEqual([
        `${id}:1`,
      ]);
    },
  );

  it('completes an order once when two methods are tried concurrently', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ada.pay(id, { paymentMethod: index % 2 === 0 ? 'sim_decline' : 'sim_success' }),
      ),
    );
    const succeeded = paymentOf(id)?.status === 'SUCCEEDED';
    expect(new Set(results.map((result) => result.order?.status ?? result.status))).toEqual(
      new Set([succeeded ? 'CONFIRMED' : 'CANCELLED']),
    );
    await eventually(() => expect(reservationOf(id)).toBe(succeeded ? 'COMMITTED' : 'RELEASED'));
  });

  it('does not change an order that has ended', async () => {
    const ada = shop.signIn();
    const [good, bad] = [await ada.createAny(), await ada.createAny()];
    await ada.pay(good.id);
    await ada.pay(bad.id, { paymentMethod: 'sim_decline' });
    expect(await ada.pay(good.id, { paymentMethod: 'sim_decline' })).toMatchObject({
      status: 'CONFIRMED',
    });
    expect(await ada.pay(bad.id, { paymentMethod: 'sim_success' })).toMatchObject({
      code: 'PAYMENT_DECLINED',
      reason: 'card_declined',
    });
    expect([reservationOf(good.id), reservationOf(bad.id)]).toEqual(['COMMITTED', 'RELEASED']);
  });

  it('returns the current payment status to a new request, and the first one to a repeat', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const key = { idempotencyKey: randomUUID() };
    const paid = await ada.pay(id, key);
    shop.services.settlePayment(id, 'REFUNDED');
    const now = { ...paid, paymentStatus: 'REFUNDED' };
    expect(await ada.pay(id, { idempotencyKey: randomUUID() })).toEqual(now);
    expect(await ada.pay(id)).toEqual(now);
    expect(await ada.pay(id, key)).toEqual(paid);
    // The ledger test below sums up captured payments.
    shop.services.settlePayment(id, 'SUCCEEDED');
  });

  it('does not find the order of another customer, even for an administrator, or one that does not exist', async () => {
    const { id } = await shop.signIn().createAny();
    for (const stranger of [shop.signIn(), shop.signIn('ADMIN')]) {
      expect((await stranger.pay(id)).code).toBe('ORDER_NOT_FOUND');
      expect((await stranger.pay(randomUUID())).code).toBe('ORDER_NOT_FOUND');
    }
    expect(paymentOf(id)).toBeUndefined();
  });

  it('refuses an unknown method, and leaves the order pending', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    expect(await ada.pay(id, { paymentMethod: 'gold' })).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'paymentMethod' }],
    });
    expect((await ada.pay(id)).status).toBe('CONFIRMED');
  });

  it.each([
    ['orderId', { orderId: 'nonsense' }],
    ['paymentMethod', { paymentMethod: '' }],
    ['paymentMethod', { paymentMethod: 'sim\0' }],
    ['idempotencyKey', { idempotencyKey: 'k'.repeat(256) }],
  ])('refuses a %s that is not allowed: %j', async (path, input) => {
    expect(await shop.signIn().pay(randomUUID(), input)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
  });

  it('refuses a key that was used for another order or method', async () => {
    const ada = shop.signIn();
    const [first, second] = [await ada.createAny(), await ada.createAny()];
    const input = { idempotencyKey: randomUUID() };
    await ada.pay(first.id, input);
    expect((await ada.pay(second.id, input)).code).toBe('IDEMPOTENCY_CONFLICT');
    const otherwise = { ...input, paymentMethod: 'sim_decline' };
    expect((await ada.pay(first.id, otherwise)).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await ada.find(second.id))?.status).toBe('PENDING');
  });

  it('stays pending while the payment is pending', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    expect(await ada.pay(id, { paymentMethod: 'sim_pending' })).toMatchObject({
      status: 'PENDING',
      paymentStatus: 'PROCESSING',
    });
    expect(reservationOf(id)).toBe('HELD');
    Object.assign(paymentOf(id) ?? {}, { status: 'SUCCEEDED' });
    expect((await ada.pay(id, { paymentMethod: 'sim_pending' })).status).toBe('CONFIRMED');
  });
});

describe('payOrder, when the payment service does not answer,', () => {
  it.each<[Fault]>([['down'], ['error'], ['hang'], ['response lost']])(
    'is unavailable (%s), leaves the order pending, and works when it is repeated',
    async (fault) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      shop.services.setFault(fault, 'CreatePaymentIntent', 'PaymentStatus');
      const waitsMs = fault === 'hang' ? 1_000 : undefined;
      const { data, errors } = await ada.tryToPay({ orderId: id }, waitsMs);
      expect(data).toBeNull();
      expect(errors[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect((await ada.find(id))?.status).toBe('PENDING');
      expect(reservationOf(id)).toBe('HELD');
      shop.services.clearFaults();
      expect((await ada.pay(id)).status).toBe('CONFIRMED');
      expect(paymentOf(id)).toMatchObject({ status: 'SUCCEEDED', amount: 1999 });
    },
  );
});

describe('the ledger', () => {
  it('balances: captured payments equal the totals of confirmed orders', async () => {
    expect(shop.services.sumCaptured()).toBeGreaterThan(0);
    expect(await shop.sumConfirmed()).toBe(shop.services.sumCaptured());
  });
});
