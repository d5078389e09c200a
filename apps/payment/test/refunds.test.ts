import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent, REFUND_PAYMENT } from './operations.ts';

let payments: PaymentService;

beforeAll(async () => {
  // Long enough to request a refund before the capture.
  payments = await openPayment({ SIMULATOR_DELAY_MS: '3000' });
});

afterAll(() => payments.closeBalanced());

const pay = async (fields: object = {}) => {
  const input = newIntent(fields);
  return { ...(await payments.createIntent(input)), ...input };
};

const refundedOf = async (orderId: string) => (await payments.refundedOf(orderId)).sum;

/** Blocks the writes of the provider's responses, as if the process had crashed. */
const blockRefundWrites = async (work: () => Promise<void>) => {
  await payments.database.query(
    `ALTER TABLE refunds ADD CONSTRAINT blocked CHECK (status = 'PROCESSING') NOT VALID`,
  );
  try {
    await work();
  } finally {
    await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT blocked');
  }
};

describe('refundPayment', () => {
  it('refunds everything without an amount', async () => {
    const { id, orderId } = await pay();
    expect(await payments.refund({ paymentId: id })).toMatchObject({
      __typename: 'Refund',
      status: 'SUCCEEDED',
      amount: { amount: 1999, currency: 'EUR' },
      reason: 'goodwill',
      failure: null,
    });
    expect(await payments.findAttempt(orderId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [{ status: 'SUCCEEDED', amount: { amount: 1999 } }],
    });
    expect(await refundedOf(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded', 'payment.refunded']);
  });

  it('refunds parts, and returns what is left when an amount is too much', async () => {
    const { id, orderId } = await pay();
    await payments.refund({ paymentId: id, amount: 500 });
    await payments.refund({ paymentId: id, amount: 1000 });
    expect(await payments.findAttempt(orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [{ amount: { amount: 500 } }, { amount: { amount: 1000 } }],
    });
    const tooMuch = { code: 'REFUND_EXCEEDS_CAPTURED', refundable: { amount: 499 } };
    expect(await payments.refund({ paymentId: id, amount: 500 })).toMatchObject(tooMuch);
    expect(await payments.refund({ paymentId: id })).toMatchObject({ amount: { amount: 499 } });
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'REFUNDED' });
    for (const amount of [1, undefined]) {
      const nothing = { code: 'REFUND_EXCEEDS_CAPTURED', refundable: { amount: 0 } };
      expect(await payments.refund({ paymentId: id, amount })).toMatchObject(nothing);
    }
    expect(await refundedOf(orderId)).toBe(1999);
  });

  it('refuses an amount of null, which does not mean "everything"', async () => {
    const { id, orderId } = await pay();
    await expect(payments.refund({ paymentId: id, amount: null })).rejects.toThrow('amount');
    const { authorization } = payments.admin;
    const inField = `mutation ($amount: SafeInt, $id: ID!) {
      refundPayment(input: { paymentId: $id, amount: $amount, reason: "x" }) { __typename }
    }`;
    const asNull = await payments.asRouter(inField, { id, amount: null }, authorization);
    expect(asNull.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await refundedOf(orderId)).toBe(0);
    // A variable that was never set leaves the field out.
    const { data } = await payments.asRouter(inField, { id }, authorization);
    expect(data.refundPayment).toEqual({ __typename: 'Refund' });
    expect(await refundedOf(orderId)).toBe(1999);
  });

  it('never refunds more than was captured, for concurrent requests', async () => {
    const { id, orderId } = await pay({ amount: 1_000 });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => payments.refund({ paymentId: id, amount: 30 })),
    );
    const refunds = results.filter((result) => result.__typename === 'Refund');
    expect(refunds).toHaveLength(33);
    const refused = results.filter((result) => result.code === 'REFUND_EXCEEDS_CAPTURED');
    expect(refused).toHaveLength(67);
    // The provider may be too slow for so many concurrent requests: the jobs complete the rest.
    await eventually(async () => {
      await payments.hurry();
      expect(await refundedOf(orderId)).toBe(990);
      const payment = await payments.findAttempt(orderId);
      expect(payment?.refunds.filter((refund) => refund.status === 'SUCCEEDED')).toHaveLength(33);
    });
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('returns a decline, after which the amount can be refunded again', async () => {
    const { id, orderId } = await pay({ method: 'sim_refund_failure' });
    const declined = { status: 'FAILED', failure: { code: 'refund_declined' } };
    expect(await payments.refund({ paymentId: id })).toMatchObject(declined);
    expect(await payments.refund({ paymentId: id })).toMatchObject(declined);
    expect(await payments.findAttempt(orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [declined, declined],
    });
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded']);
  });

  it.each(['sim_decline', 'sim_late_success'])(
    'refuses a payment that captured no money: %s',
    async (method) => {
      const { id } = await pay({ method });
      expect(await payments.refund({ paymentId: id })).toMatchObject({
        code: 'PAYMENT_NOT_REFUNDABLE',
      });
    },
  );

  it('refuses an unknown payment', async () => {
    expect(await payments.refund({ paymentId: randomUUID() })).toMatchObject({
      code: 'PAYMENT_NOT_FOUND',
    });
  });

  it.each([
    ['an amount of 0', { amount: 0 }, 'amount'],
    ['a negative amount', { amount: -1 }, 'amount'],
    ['a payment id that is not a UUID', { paymentId: 'x' }, 'paymentId'],
    ['no reason', { reason: '' }, 'reason'],
    ['a NUL', { reason: 'a\0b' }, 'reason'],
    ['an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuses %s', async (_fault, fields, path) => {
    const input = { paymentId: randomUUID(), ...fields };
    expect(await payments.refund(input)).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path }],
    });
  });

  it('is allowed for administrators only', async () => {
    const { id, orderId, userId } = await pay();
    const input = { paymentId: id, reason: 'mine' };
    const owner = payments.tokens.authorize('USER', userId).authorization;
    const { errors } = await payments.asRouter(REFUND_PAYMENT, { input }, owner);
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    const anonymous = await payments.asRouter(REFUND_PAYMENT, { input });
    expect(anonymous.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await payments.findAttempt(orderId)).toMatchObject({ refunds: [] });
  });

  it('that crashed after the provider refunded is completed by its job, once', async () => {
    const { id, orderId } = await pay();
    await blockRefundWrites(async () => {
      expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'PROCESSING' });
      expect(await refundedOf(orderId)).toBe(1999);
    });
    await eventually(async () => {
      await payments.hurry();
      expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'REFUNDED' });
    });
    expect(await refundedOf(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded', 'payment.refunded']);
  });
});

describe('refundForOrder', () => {
  it('refunds all that is left of an attempt, once for concurrent requests', async () => {
    const { id, orderId } = await pay();
    await payments.refund({ paymentId: id, amount: 500 });
    const results = await Promise.all(
      Array.from({ length: 20 }, () => payments.refundForOrder(orderId)),
    );
    for (const result of results) expect(result?.id).toBe(id);
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [
        { amount: { amount: 500 } },
        { amount: { amount: 1499 }, reason: 'the order was cancelled' },
      ],
    });
    expect(await refundedOf(orderId)).toBe(1999);
  });

  it('does nothing without captured money, and returns null for an unknown attempt', async () => {
    const { orderId } = await pay({ method: 'sim_decline' });
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'FAILED', refunds: [] });
    expect(await payments.refundForOrder(orderId, 2)).toBeNull();
    expect(await payments.refundForOrder(randomUUID())).toBeNull();
  });

  it('refunds on a repeat after a late capture', async () => {
    const { orderId } = await pay({ method: 'sim_late_success' });
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () =>
      expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'REFUNDED' });
  });
});

describe('money that is captured after a decline', () => {
  it('is refunded automatically, and the payment stays FAILED', async () => {
    const { id, orderId } = await pay({ method: 'sim_decline_then_success' });
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'FAILED', refunds: [] });
    await eventually(async () =>
      expect(await payments.findAttempt(orderId)).toMatchObject({
        status: 'FAILED',
        failure: { code: 'card_declined' },
        refunds: [{ status: 'SUCCEEDED', amount: { amount: 1999 } }],
      }),
    );
    expect(await refundedOf(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.failed', 'payment.refunded']);
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'FAILED',
      refunds: [{ status: 'SUCCEEDED' }],
    });
  });
});

describe('the payment database', () => {
  it.each([
    ['more refunds than were captured', 'refunding_cents = 2000', 'payments_refunding_cents_check'],
    [
      'more succeeded than requested refunds',
      'refunded_cents = 1',
      'payments_refunding_cents_check',
    ],
    ['a negative refund', 'refunding_cents = -1', 'payments_refunding_cents_check'],
    ['REFUNDED without refunds', "status = 'REFUNDED'", 'payments_refunded_check'],
    ['a success without money', 'captured_at = NULL', 'payments_captured_at_check'],
  ])('refuses %s', async (_fault, change, constraint) => {
    const { orderId } = await pay();
    await expect(
      payments.database.query(`UPDATE payments SET ${change} WHERE order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ constraint });
  });
});
