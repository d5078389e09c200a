import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import { newIntent, openPayments, REFUND_PAYMENT, type Payments } from './open-payments.ts';

let payments: Payments;

beforeAll(async () => {
  // Long enough to ask for a refund before the money comes.
  payments = await openPayments({ SIMULATOR_DELAY_MS: '3000' });
});

afterAll(() => payments.closeBalanced());

const pay = async (fields: object = {}) => {
  const input = newIntent(fields);
  return { ...(await payments.createIntent(input)), ...input };
};

const givenBack = async (reference: string): Promise<number> => {
  const [row] = await payments.database.query<{ sum: string }>(
    `SELECT coalesce(sum(r.amount_cents), 0) AS sum FROM simulator_refunds r
     JOIN simulator_charges c ON c.reference = r.charge_reference
     WHERE c.idempotency_key LIKE $1 AND r.failure_code IS NULL`,
    [`${reference}:%`],
  );
  return Number(row?.sum);
};

/** Keeps the provider's answers from being written, as if the process died with them. */
const cutOffRefunds = async (work: () => Promise<void>) => {
  await payments.database.query(
    `ALTER TABLE refunds ADD CONSTRAINT cut_off CHECK (status = 'PROCESSING') NOT VALID`,
  );
  try {
    await work();
  } finally {
    await payments.database.query('ALTER TABLE refunds DROP CONSTRAINT cut_off');
  }
};

describe('refundPayment', () => {
  it('gives all of it back when no amount is named', async () => {
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
    expect(await givenBack(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded', 'payment.refunded']);
  });

  it('gives parts back, and says what is left when it is too much', async () => {
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
    expect(await givenBack(orderId)).toBe(1999);
  });

  it('refuses an amount of null, which is not "all that is left"', async () => {
    const { id, orderId } = await pay();
    await expect(payments.refund({ paymentId: id, amount: null })).rejects.toThrow('amount');
    const { authorization } = payments.admin;
    const inField = `mutation ($amount: SafeInt, $id: ID!) {
      refundPayment(input: { paymentId: $id, amount: $amount, reason: "x" }) { __typename }
    }`;
    const asNull = await payments.asRouter(inField, { id, amount: null }, authorization);
    expect(asNull.errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await givenBack(orderId)).toBe(0);
    // A variable that was never set leaves the field out.
    const { data } = await payments.asRouter(inField, { id }, authorization);
    expect(data.refundPayment).toEqual({ __typename: 'Refund' });
    expect(await givenBack(orderId)).toBe(1999);
  });

  it('never gives back more than was taken, however many ask at once', async () => {
    const { id, orderId } = await pay({ amount: 1_000 });
    const results = await Promise.all(
      Array.from({ length: 100 }, () => payments.refund({ paymentId: id, amount: 30 })),
    );
    const kept = results.filter((result) => result.__typename === 'Refund');
    expect(kept).toHaveLength(33);
    const refused = results.filter((result) => result.code === 'REFUND_EXCEEDS_CAPTURED');
    expect(refused).toHaveLength(67);
    // A provider that is asked by so many at once may be too slow for some: the jobs do the rest.
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await givenBack(orderId)).toBe(990);
      const payment = await payments.findAttempt(orderId);
      expect(payment?.refunds.filter((refund) => refund.status === 'SUCCEEDED')).toHaveLength(33);
    });
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('tells when the provider declines, and what it was about can be asked for again', async () => {
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

  it.each(['sim_decline', 'sim_late_success'])('refuses what took no money: %s', async (method) => {
    const { id } = await pay({ method });
    expect(await payments.refund({ paymentId: id })).toMatchObject({
      code: 'PAYMENT_NOT_REFUNDABLE',
    });
  });

  it('refuses a payment that is not there', async () => {
    expect(await payments.refund({ paymentId: randomUUID() })).toMatchObject({
      code: 'PAYMENT_NOT_FOUND',
    });
  });

  it.each([
    ['nothing', { amount: 0 }, 'amount'],
    ['less than nothing', { amount: -1 }, 'amount'],
    ['a payment that is no id', { paymentId: 'x' }, 'paymentId'],
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

  it('is for administrators', async () => {
    const { id, orderId, userId } = await pay();
    const input = { paymentId: id, reason: 'mine' };
    const owner = payments.tokens.authorize('USER', userId).authorization;
    const { errors } = await payments.asRouter(REFUND_PAYMENT, { input }, owner);
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    const nobody = await payments.asRouter(REFUND_PAYMENT, { input });
    expect(nobody.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await payments.findAttempt(orderId)).toMatchObject({ refunds: [] });
  });

  it('that is cut off after the provider gave it is finished by its job, given once', async () => {
    const { id, orderId } = await pay();
    await cutOffRefunds(async () => {
      expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'PROCESSING' });
      expect(await givenBack(orderId)).toBe(1999);
    });
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'REFUNDED' });
    });
    expect(await givenBack(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.succeeded', 'payment.refunded']);
  });
});

describe('refundForOrder', () => {
  it('gives back all that is left of an attempt, once, however often it is asked', async () => {
    const { id, orderId } = await pay();
    await payments.refund({ paymentId: id, amount: 500 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => payments.refundForOrder(orderId)),
    );
    for (const answer of answers) expect(answer?.id).toBe(id);
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'REFUNDED',
      refunds: [
        { amount: { amount: 500 } },
        { amount: { amount: 1499 }, reason: 'the order was cancelled' },
      ],
    });
    expect(await givenBack(orderId)).toBe(1999);
  });

  it('leaves alone what took no money, and knows nothing of what never was', async () => {
    const { orderId } = await pay({ method: 'sim_decline' });
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'FAILED', refunds: [] });
    expect(await payments.refundForOrder(orderId, 2)).toBeNull();
    expect(await payments.refundForOrder(randomUUID())).toBeNull();
  });

  it('works when the money comes late: asked again, it gives it back', async () => {
    const { orderId } = await pay({ method: 'sim_late_success' });
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () =>
      expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await payments.refundForOrder(orderId)).toMatchObject({ status: 'REFUNDED' });
  });
});

describe('money that is taken after a decline', () => {
  it('is noted and goes back by itself; the decline stands', async () => {
    const { id, orderId } = await pay({ method: 'sim_decline_then_success' });
    expect(await payments.findAttempt(orderId)).toMatchObject({ status: 'FAILED', refunds: [] });
    await eventually(async () =>
      expect(await payments.findAttempt(orderId)).toMatchObject({
        status: 'FAILED',
        failure: { code: 'card_declined' },
        refunds: [{ status: 'SUCCEEDED', amount: { amount: 1999 } }],
      }),
    );
    expect(await givenBack(orderId)).toBe(1999);
    expect(await payments.eventsOf(id)).toEqual(['payment.failed', 'payment.refunded']);
    expect(await payments.refundForOrder(orderId)).toMatchObject({
      status: 'FAILED',
      refunds: [{ status: 'SUCCEEDED' }],
    });
  });
});

describe('the payment database', () => {
  it.each([
    ['more going back than was taken', 'refunding_cents = 2000', 'payments_refunding_cents_check'],
    ['more given than was set aside', 'refunded_cents = 1', 'payments_refunding_cents_check'],
    ['a refund of less than nothing', 'refunding_cents = -1', 'payments_refunding_cents_check'],
    ['REFUNDED that is not', "status = 'REFUNDED'", 'payments_refunded_check'],
    ['a success without money', 'captured_at = NULL', 'payments_captured_at_check'],
  ])('refuses %s, whoever writes it', async (_fault, change, constraint) => {
    const { orderId } = await pay();
    await expect(
      payments.database.query(`UPDATE payments SET ${change} WHERE order_id = $1`, [orderId]),
    ).rejects.toMatchObject({ constraint });
  });
});
