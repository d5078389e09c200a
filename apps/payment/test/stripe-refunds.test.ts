import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeStripe } from '../src/clients/stripe/make-stripe.ts';
import type { PaymentProvider } from '../src/domain/payment-provider.ts';
import { FAULTS, startFakeStripe, STRIPE_KEY, type FakeStripe } from './fake-stripe.ts';

let server: FakeStripe;
let stripe: PaymentProvider;

beforeAll(async () => {
  server = await startFakeStripe();
  stripe = makeStripe(
    {
      secretKey: STRIPE_KEY,
      webhookSecret: 'whsec_test',
      apiBase: server.url,
      timeoutMs: 2_000,
    },
    () => undefined,
  );
});

afterEach(() => server.settleRefundsAs('succeeded'));

afterAll(() => server.close());

/** Captures a payment. @returns Stripe's id of the intent */
const capture = async () => {
  const idempotencyKey = `${randomUUID()}:1`;
  const amount = { amount: 1999, currency: 'EUR' };
  const { reference } = await stripe.charge({ idempotencyKey, amount, method: 'pm_card_visa' });
  return reference ?? '';
};

describe('a refund of Stripe', () => {
  const newRefund = (reference: string, amount = 500) => ({
    idempotencyKey: `refund:${randomUUID()}`,
    reference,
    amount: { amount, currency: 'EUR' },
  });
  const refundsOf = (reference: string) =>
    [...server.refunds.values()].filter((refund) => refund.payment_intent === reference);

  it('is made once for repeated requests, beside other refunds', async () => {
    const reference = await capture();
    const refund = newRefund(reference);
    const first = await stripe.refund(refund);
    expect(first).toEqual({ status: 'SUCCEEDED', reference: expect.stringMatching(/^re_/) });
    expect(await stripe.refund(refund)).toEqual(first);
    expect(await stripe.refund(newRefund(reference))).toMatchObject({ status: 'SUCCEEDED' });
    expect(refundsOf(reference)).toHaveLength(2);
  });

  it('is PROCESSING while it is pending', async () => {
    const reference = await capture();
    const refund = newRefund(reference);
    server.settleRefundsAs('pending');
    expect(await stripe.refund(refund)).toMatchObject({ status: 'PROCESSING' });
    const [stored] = refundsOf(reference);
    if (stored) stored.status = 'failed';
    expect(await stripe.refund(refund)).toMatchObject({ status: 'FAILED', failureCode: 'failed' });
  });

  it('has the failure code of a decline', async () => {
    const refund = newRefund(await capture());
    server.settleRefundsAs('failed');
    const failureCode = 'lost_or_stolen_card';
    expect(await stripe.refund(refund)).toMatchObject({ status: 'FAILED', failureCode });
  });

  it('has its current status after it was returned, and is not made again', async () => {
    const reference = await capture();
    const refund = newRefund(reference);
    expect(await stripe.findRefund(refund)).toBeNull();
    await stripe.refund(refund);
    const [stored] = refundsOf(reference);
    Object.assign(stored ?? {}, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
    expect(await stripe.findRefund(refund)).toMatchObject({
      status: 'FAILED',
      failureCode: 'expired_or_canceled_card',
    });
    expect(refundsOf(reference)).toHaveLength(1);
  });

  it('of more than was captured is declined', async () => {
    const refund = newRefund(await capture(), 2000);
    expect(await stripe.refund(refund)).toMatchObject({
      status: 'FAILED',
      failureCode: 'charge_already_refunded',
    });
  });

  it('of an amount that Stripe has no units for is declined, and not requested', async () => {
    const reference = await capture();
    const refund = { ...newRefund(reference), amount: { amount: 1_234, currency: 'KWD' } };
    expect(await stripe.refund(refund)).toEqual({
      status: 'FAILED',
      reference: null,
      failureCode: 'unsupported_amount',
    });
    expect(refundsOf(reference)).toEqual([]);
  });

  it.each(FAULTS)('throws when Stripe fails with %s, and is made once', async (fault, times) => {
    const reference = await capture();
    const refund = newRefund(reference);
    await stripe.refund(newRefund(reference, 1));
    server.failNext(fault, { times });
    await expect(stripe.refund(refund)).rejects.toThrow();
    expect(await stripe.refund(refund)).toMatchObject({ status: 'SUCCEEDED' });
    expect(refundsOf(reference)).toHaveLength(2);
  });
});
