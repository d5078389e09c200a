import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeStripe, type InvalidRequest } from '../src/clients/stripe/make-stripe.ts';
import type { PaymentProvider } from '../src/domain/payment-provider.ts';
import { FAULTS, startFakeStripe, STRIPE_KEY, type FakeStripe } from './fake-stripe.ts';

let server: FakeStripe;
let stripe: PaymentProvider;
let invalidRequests: InvalidRequest[] = [];

beforeAll(async () => {
  server = await startFakeStripe();
  stripe = makeStripe(
    {
      secretKey: STRIPE_KEY,
      webhookSecret: 'whsec_test',
      apiBase: server.url,
      timeoutMs: 2_000,
    },
    (fault) => void invalidRequests.push(fault),
  );
});

beforeEach(() => {
  server.requests.length = 0;
  invalidRequests = [];
});

afterAll(() => server.close());

const newCharge = (method: string) => ({
  idempotencyKey: `${randomUUID()}:1`,
  amount: { amount: 1999, currency: 'EUR' },
  method,
});

const intentOf = (key: string) =>
  [...server.intents.values()].filter((intent) => intent.metadata['key'] === key);

const capture = async () => {
  const { reference } = await stripe.charge(newCharge('pm_card_visa'));
  return reference ?? '';
};

describe('a charge of Stripe', () => {
  it('is an intent that is created and confirmed in one request, under the shop’s key', async () => {
    const charge = newCharge('pm_card_visa');
    const outcome = await stripe.charge(charge);
    expect(outcome).toEqual({
      status: 'SUCCEEDED',
      reference: expect.stringMatching(/^pi_/),
    });
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request).toMatchObject({
      route: 'POST /v1/payment_intents',
      key: charge.idempotencyKey,
    });
    const [orderId] = charge.idempotencyKey.split(':');
    expect(Object.fromEntries(request?.form ?? [])).toEqual({
      amount: '1999',
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      off_session: 'true',
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
      'metadata[key]': charge.idempotencyKey,
      'metadata[orderId]': orderId,
      'metadata[attempt]': '1',
    });
  });

  it.each([
    ['pm_declined', 'insufficient_funds'],
    ['pm_expired', 'expired_card'],
    ['pm_authentication', 'authentication_required'],
    ['pm_action', 'authentication_required'],
    // A thief must not learn that the card is reported as stolen.
    ['pm_stolen', 'card_declined'],
  ])('with %s is declined for %s, and its intent can never be paid', async (method, code) => {
    const charge = newCharge(method);
    const declined = { status: 'FAILED', reference: expect.any(String), failureCode: code };
    expect(await stripe.charge(charge)).toEqual(declined);
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'canceled' }]);
    // Stripe repeats its first response, in which the intent is not cancelled.
    expect(await stripe.charge(charge)).toEqual(declined);
    expect(intentOf(charge.idempotencyKey)).toHaveLength(1);
  });

  it('with a method that does not exist is declined', async () => {
    const charge = newCharge('pm_unknown');
    expect(await stripe.charge(charge)).toEqual({
      status: 'FAILED',
      reference: null,
      failureCode: 'resource_missing',
    });
    expect(invalidRequests).toMatchObject([
      { code: 'resource_missing', message: 'a message of Stripe' },
    ]);
  });

  it('is PROCESSING until Stripe settles it', async () => {
    const charge = newCharge('pm_slow');
    const outcome = await stripe.charge(charge);
    expect(outcome).toMatchObject({ status: 'PROCESSING' });
    const lookup = { ...charge, reference: outcome.reference };
    expect(await stripe.find(lookup)).toMatchObject({ status: 'PROCESSING' });
    const [intent] = intentOf(charge.idempotencyKey);
    if (intent) intent.status = 'succeeded';
    expect(await stripe.find(lookup)).toEqual({ ...outcome, status: 'SUCCEEDED' });
  });

  it.each(FAULTS)(
    'throws when Stripe fails with %s, and is captured once',
    async (fault, times) => {
      const charge = newCharge('pm_card_visa');
      server.failNext(fault, { times });
      await expect(stripe.charge(charge)).rejects.toThrow();
      const keys = server.requests.map((request) => request.key);
      expect(keys).toEqual(Array(times).fill(charge.idempotencyKey));
      expect(await stripe.find({ ...charge, reference: null })).toBeNull();
      expect(await stripe.charge(charge)).toMatchObject({ status: 'SUCCEEDED' });
      expect(intentOf(charge.idempotencyKey)).toHaveLength(1);
    },
  );

  it('is found by a search when Stripe repeats an error as its response', async () => {
    const charge = newCharge('pm_card_visa');
    const since = new Date();
    const search = { idempotencyKey: charge.idempotencyKey, since };
    expect(await stripe.search(search)).toBeNull();
    server.failNext('stored error 500');
    await expect(stripe.charge(charge)).rejects.toThrow();
    await expect(stripe.charge(charge)).rejects.toThrow();
    const [intent] = intentOf(charge.idempotencyKey);
    expect(await stripe.search(search)).toEqual({ status: 'SUCCEEDED', reference: intent?.id });
  });

  it('is found by reference only with its own key', async () => {
    const reference = await capture();
    expect(await stripe.find({ ...newCharge('pm_card_visa'), reference })).toBeNull();
  });

  it('throws while its decline is not final', async () => {
    const charge = newCharge('pm_action');
    server.failNext('error 500', { after: 1 });
    await expect(stripe.charge(charge)).rejects.toThrow();
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'requires_action' }]);
    expect(await stripe.charge(charge)).toMatchObject({ status: 'FAILED' });
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'canceled' }]);
  });

  it('succeeds when it was paid before it could be cancelled', async () => {
    const charge = newCharge('pm_action');
    server.failNext('error 500', { after: 1 });
    await expect(stripe.charge(charge)).rejects.toThrow();
    const [intent] = intentOf(charge.idempotencyKey);
    if (intent) intent.status = 'succeeded';
    expect(await stripe.charge(charge)).toEqual({ status: 'SUCCEEDED', reference: intent?.id });
  });

  it('throws under the key of another charge', async () => {
    const charge = newCharge('pm_card_visa');
    await stripe.charge(charge);
    await expect(
      stripe.charge({ ...charge, amount: { amount: 1, currency: 'EUR' } }),
    ).rejects.toThrow();
  });

  it('accepts only methods of Stripe, and has no default', () => {
    expect(stripe.acceptsMethod('pm_1Nxyz')).toBe(true);
    for (const method of ['', 'pm_', 'sim_success', 'pm_x y', 'pm_../x', `pm_${'x'.repeat(99)}`]) {
      expect(stripe.acceptsMethod(method)).toBe(false);
    }
    expect(stripe.defaultMethod).toBeNull();
  });
});
