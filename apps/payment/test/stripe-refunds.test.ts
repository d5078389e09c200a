import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeStripe } from '../src/clients/make-stripe.ts';
import type { PaymentProvider } from '../src/domain/payment-provider.ts';
import { FAULTS, serveStripe, STRIPE_KEY, type StripeServer } from './stripe-server.ts';

let server: StripeServer;
let stripe: PaymentProvider;

beforeAll(async () => {
  server = await serveStripe();
  stripe = makeStripe(
    {
      secretKey: STRIPE_KEY,
      webhookSecret: 'whsec_of_nobody',
      apiBase: server.url,
      timeoutMs: 2_000,
    },
    () => undefined,
  );
});

afterEach(() => server.answerRefunds('succeeded'));

afterAll(() => server.close());

/** Money that was taken. @returns what Stripe calls it */
const take = async () => {
  const idempotencyKey = `${randomUUID()}:1`;
  const amount = { amount: 1999, currency: 'EUR' };
  const { reference } = await stripe.charge({ idempotencyKey, amount, method: 'pm_card_visa' });
  return reference ?? '';
};

describe('a refund by Stripe', () => {
  const newRefund = (reference: string, amount = 500) => ({
    idempotencyKey: `refund:${randomUUID()}`,
    reference,
    amount: { amount, currency: 'EUR' },
  });
  const refundsOf = (reference: string) =>
    [...server.refunds.values()].filter((refund) => refund.payment_intent === reference);

  it('is given once, however often it is asked for, and other refunds beside it', async () => {
    const reference = await take();
    const refund = newRefund(reference);
    const given = await stripe.refund(refund);
    expect(given).toEqual({ status: 'SUCCEEDED', reference: expect.stringMatching(/^re_/) });
    expect(await stripe.refund(refund)).toEqual(given);
    expect(await stripe.refund(newRefund(reference))).toMatchObject({ status: 'SUCCEEDED' });
    expect(refundsOf(reference)).toHaveLength(2);
  });

  it('that is pending is undecided, and then what Stripe says', async () => {
    const reference = await take();
    const refund = newRefund(reference);
    server.answerRefunds('pending');
    expect(await stripe.refund(refund)).toMatchObject({ status: 'PROCESSING' });
    const [kept] = refundsOf(reference);
    if (kept) kept.status = 'failed';
    expect(await stripe.refund(refund)).toMatchObject({ status: 'FAILED', failureCode: 'failed' });
  });

  it('that is declined says why', async () => {
    const refund = newRefund(await take());
    server.answerRefunds('failed');
    const failureCode = 'lost_or_stolen_card';
    expect(await stripe.refund(refund)).toMatchObject({ status: 'FAILED', failureCode });
  });

  it('that came back is found as it is now, and not given again', async () => {
    const reference = await take();
    const refund = newRefund(reference);
    expect(await stripe.findRefund(refund)).toBeNull();
    await stripe.refund(refund);
    const [kept] = refundsOf(reference);
    Object.assign(kept ?? {}, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
    expect(await stripe.findRefund(refund)).toMatchObject({
      status: 'FAILED',
      failureCode: 'expired_or_canceled_card',
    });
    expect(refundsOf(reference)).toHaveLength(1);
  });

  it('of more than was taken is declined', async () => {
    const refund = newRefund(await take(), 2000);
    expect(await stripe.refund(refund)).toMatchObject({
      status: 'FAILED',
      failureCode: 'charge_already_refunded',
    });
  });

  it.each(FAULTS)(
    'is undecided when Stripe fails with %s, and given once',
    async (fault, times) => {
      const reference = await take();
      const refund = newRefund(reference);
      await stripe.refund(newRefund(reference, 1));
      server.breakDown(fault, { times });
      await expect(stripe.refund(refund)).rejects.toThrow();
      expect(await stripe.refund(refund)).toMatchObject({ status: 'SUCCEEDED' });
      expect(refundsOf(reference)).toHaveLength(2);
    },
  );
});
