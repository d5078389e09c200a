import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { openShop, type Shop } from './open-shop.ts';
import type { Fault } from './sisters.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.sisters.reservations.get(orderId)?.status;

const paymentOf = (orderId: string) => shop.sisters.payments.get(`${orderId}:1`);

describe('payOrder', () => {
  it('takes the money, confirms the order and sells the stock', async () => {
    const ada = shop.signIn();
    const order = await ada.createAny();
    const paid = await ada.pay(order.id, { paymentMethod: 'sim_success' });
    expect(paid).toMatchObject({
      __typename: 'Order',
      id: order.id,
      number: order.number,
      status: 'CONFIRMED',
      paymentStatus: 'SUCCEEDED',
      cancellation: null,
    });
    expect(await ada.find(order.id)).toMatchObject({ status: 'CONFIRMED' });
    expect(reservationOf(order.id)).toBe('COMMITTED');
    expect(paymentOf(order.id)).toMatchObject({ status: 'SUCCEEDED', amount: 1999 });
  });

  it('cancels the order and gives the stock back when the payment is declined', async () => {
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
    'gives all who repeat it at once one answer and one charge (%s)',
    async (paymentMethod) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      const input = { paymentMethod, idempotencyKey: randomUUID() };
      const answers = await Promise.all(Array.from({ length: 20 }, () => ada.pay(id, input)));
      const again = await ada.pay(id, input);
      expect(answers).toEqual(Array(20).fill(again));
      expect(again.__typename).toBe(
        paymentMethod === 'sim_success' ? 'Order' : 'PaymentDeclinedProblem',
      );
      expect([...shop.sisters.payments.keys()].filter((key) => key.startsWith(id))).toEqual([
        `${id}:1`,
      ]);
    },
  );

  it('ends an order one way only when two methods are tried at once', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        ada.pay(id, { paymentMethod: index % 2 === 0 ? 'sim_decline' : 'sim_success' }),
      ),
    );
    const succeeded = paymentOf(id)?.status === 'SUCCEEDED';
    expect(new Set(answers.map((answer) => answer.order?.status ?? answer.status))).toEqual(
      new Set([succeeded ? 'CONFIRMED' : 'CANCELLED']),
    );
    await eventually(() => expect(reservationOf(id)).toBe(succeeded ? 'COMMITTED' : 'RELEASED'));
  });

  it('stays as it ended, whatever is tried after', async () => {
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

  it('says how the payment stands now to a new request, and what it said to a repeat', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const key = { idempotencyKey: randomUUID() };
    const paid = await ada.pay(id, key);
    shop.sisters.decide(id, 'REFUNDED');
    const now = { ...paid, paymentStatus: 'REFUNDED' };
    expect(await ada.pay(id, { idempotencyKey: randomUUID() })).toEqual(now);
    expect(await ada.pay(id)).toEqual(now);
    expect(await ada.pay(id, key)).toEqual(paid);
    // The money that was taken is in the books of the tests below.
    shop.sisters.decide(id, 'SUCCEEDED');
  });

  it('finds no order of a stranger, not even for an administrator, and none that is not there', async () => {
    const { id } = await shop.signIn().createAny();
    for (const stranger of [shop.signIn(), shop.signIn('ADMIN')]) {
      expect((await stranger.pay(id)).code).toBe('ORDER_NOT_FOUND');
      expect((await stranger.pay(randomUUID())).code).toBe('ORDER_NOT_FOUND');
    }
    expect(paymentOf(id)).toBeUndefined();
  });

  it('refuses a method that nobody knows, and leaves the order to be paid', async () => {
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

  it('refuses a key that was used to pay something else, or otherwise', async () => {
    const ada = shop.signIn();
    const [first, second] = [await ada.createAny(), await ada.createAny()];
    const input = { idempotencyKey: randomUUID() };
    await ada.pay(first.id, input);
    expect((await ada.pay(second.id, input)).code).toBe('IDEMPOTENCY_CONFLICT');
    const otherwise = { ...input, paymentMethod: 'sim_decline' };
    expect((await ada.pay(first.id, otherwise)).code).toBe('IDEMPOTENCY_CONFLICT');
    expect((await ada.find(second.id))?.status).toBe('PENDING');
  });

  it('waits while the provider has not decided', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    expect(await ada.pay(id, { paymentMethod: 'sim_undecided' })).toMatchObject({
      status: 'PENDING',
      paymentStatus: 'PROCESSING',
    });
    expect(reservationOf(id)).toBe('HELD');
    Object.assign(paymentOf(id) ?? {}, { status: 'SUCCEEDED' });
    expect((await ada.pay(id, { paymentMethod: 'sim_undecided' })).status).toBe('CONFIRMED');
  });
});

describe('payOrder, when the payment service does not answer,', () => {
  it.each<[Fault]>([['away'], ['error'], ['hang'], ['answer lost']])(
    'is unavailable (%s), leaves the order pending, and works when it is repeated',
    async (fault) => {
      const ada = shop.signIn();
      const { id } = await ada.createAny();
      shop.sisters.breakDown(fault, 'CreatePaymentIntent', 'PaymentStatus');
      const waitsMs = fault === 'hang' ? 1_000 : undefined;
      const { data, errors } = await ada.tryToPay({ orderId: id }, waitsMs);
      expect(data).toBeNull();
      expect(errors[0]).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
      expect(JSON.stringify(errors)).not.toContain('secret');
      expect((await ada.find(id))?.status).toBe('PENDING');
      expect(reservationOf(id)).toBe('HELD');
      shop.sisters.mend();
      expect((await ada.pay(id)).status).toBe('CONFIRMED');
      expect(paymentOf(id)).toMatchObject({ status: 'SUCCEEDED', amount: 1999 });
    },
  );
});

describe('the books', () => {
  it('balance: the money that was taken is what the confirmed orders are worth', async () => {
    expect(shop.sisters.sumTaken()).toBeGreaterThan(0);
    expect(await shop.sumConfirmed()).toBe(shop.sisters.sumTaken());
  });
});
