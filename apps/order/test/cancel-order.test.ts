import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { CANCEL } from './operations.ts';
import { openShop, type EventView, type Shop } from './open-shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});

afterEach(() => shop.sisters.mend());

afterAll(() => shop.close());

const reservationOf = (orderId: string) => shop.sisters.reservations.get(orderId)?.status;

const paymentOf = (orderId: string) => shop.sisters.payments.get(`${orderId}:1`);

const countRefundJobs = async (orderId: string) => {
  const rows = await shop.database.query(
    "SELECT id FROM graphile_worker._private_jobs WHERE key LIKE 'refund:' || $1 || ':%'",
    [orderId],
  );
  return rows.length;
};

describe('cancelOrder', () => {
  it('ends a customer’s own pending order and gives its stock back', async () => {
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

  it('ends any pending order for an administrator, who is named as the reason', async () => {
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

  it('answers a repeat with the order as it is, and changes nothing', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const first = await ada.cancel(id);
    const again = await Promise.all(Array.from({ length: 10 }, () => ada.cancel(id)));
    expect(again).toEqual(Array(10).fill(first));
    const ends = (await ada.historyOf(id))?.filter((event) => event.type === 'CANCELLED');
    expect(ends).toHaveLength(1);
  });

  it('refuses an order that ended otherwise, and shows it', async () => {
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

  it('finds no order of a stranger, and none that is not there', async () => {
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

  it('is for those who are signed in', async () => {
    const { errors } = await shop.send(CANCEL, { input: { orderId: randomUUID() } });
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('gives the stock back later when the product service is away', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('away', 'CloseReservation');
    expect((await ada.cancel(id)).status).toBe('CANCELLED');
    expect(reservationOf(id)).toBe('HELD');
    shop.sisters.mend();
    await eventually(() => expect(reservationOf(id)).toBe('RELEASED'), 40_000);
  });
});

describe('a payment that succeeds for an order that was cancelled meanwhile', () => {
  it('is given back, once, and the payer is told that the order ended', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    const letGo = shop.sisters.hold('CreatePaymentIntent');
    const paying = ada.pay(id);
    await eventually(() => expect(shop.sisters.isHolding()).toBe(true));
    expect((await ada.cancel(id)).status).toBe('CANCELLED');
    letGo();
    expect(await paying).toMatchObject({
      code: 'ORDER_NOT_PENDING',
      order: { status: 'CANCELLED', cancellation: { reason: 'CUSTOMER_REQUEST' } },
    });
    await eventually(() =>
      expect(paymentOf(id)).toMatchObject({ status: 'REFUNDED', refunds: ['CUSTOMER_REQUEST'] }),
    );
    await Promise.all(Array.from({ length: 5 }, () => shop.tellDecided(id)));
    expect(await countRefundJobs(id)).toBe(0);
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

  it('is given back though the payer was cut off: the job that looks after payments finds it', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    shop.sisters.breakDown('answer lost', 'CreatePaymentIntent');
    await ada.tryToPay({ orderId: id });
    await ada.cancel(id);
    await eventually(async () => {
      await shop.hurryJobs();
      expect(paymentOf(id)?.status).toBe('REFUNDED');
    });
  });

  it('is asked back until the payment service answers', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    await ada.cancel(id);
    shop.sisters.breakDown('error', 'RefundForOrder');
    shop.sisters.decide(id, 'SUCCEEDED');
    await shop.tellDecided(id);
    const asked = () => shop.sisters.timesAsked('RefundForOrder');
    const before = asked();
    await eventually(async () => {
      await shop.hurryJobs();
      expect(asked()).toBeGreaterThan(before + 1);
    });
    expect(paymentOf(id)?.status).toBe('SUCCEEDED');
    shop.sisters.mend();
    await eventually(async () => {
      await shop.hurryJobs();
      expect(paymentOf(id)?.status).toBe('REFUNDED');
    });
  });

  it('is left alone when it was declined', async () => {
    const ada = shop.signIn();
    const { id } = await ada.createAny();
    await ada.pay(id, { paymentMethod: 'sim_undecided' });
    await ada.cancel(id);
    shop.sisters.decide(id, 'FAILED');
    expect((await shop.tellDecided(id)).data.paymentDecided).toEqual({ id, status: 'CANCELLED' });
    expect(await countRefundJobs(id)).toBe(0);
    expect(paymentOf(id)?.refunds).toBeUndefined();
  });
});
