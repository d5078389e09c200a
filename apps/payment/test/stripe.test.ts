import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { makeStripe, type StripeRefusal } from '../src/clients/make-stripe.ts';
import type { PaymentProvider } from '../src/domain/payment-provider.ts';
import { FAULTS, serveStripe, STRIPE_KEY, type StripeServer } from './stripe-server.ts';

let server: StripeServer;
let stripe: PaymentProvider;
let refusals: StripeRefusal[] = [];

beforeAll(async () => {
  server = await serveStripe();
  stripe = makeStripe(
    {
      secretKey: STRIPE_KEY,
      webhookSecret: 'whsec_of_nobody',
      apiBase: server.url,
      timeoutMs: 2_000,
    },
    (refusal) => void refusals.push(refusal),
  );
});

beforeEach(() => {
  server.requests.length = 0;
  refusals = [];
});

afterAll(() => server.close());

const newCharge = (method: string) => ({
  idempotencyKey: `${randomUUID()}:1`,
  amount: { amount: 1999, currency: 'EUR' },
  method,
});

const intentOf = (key: string) =>
  [...server.intents.values()].filter((intent) => intent.metadata['key'] === key);

const take = async () => {
  const { reference } = await stripe.charge(newCharge('pm_card_visa'));
  return reference ?? '';
};

describe('a charge by Stripe', () => {
  it('is an intent that is created and confirmed in one call, under our key', async () => {
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
    // Whoever tries a stolen card is not told that it is known as such.
    ['pm_stolen', 'card_declined'],
  ])('with %s is declined for %s, and its intent can never be paid', async (method, code) => {
    const charge = newCharge(method);
    const declined = { status: 'FAILED', reference: expect.any(String), failureCode: code };
    expect(await stripe.charge(charge)).toEqual(declined);
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'canceled' }]);
    // Stripe repeats its first answer, of an intent that was not cancelled then.
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
    expect(refusals).toMatchObject([{ code: 'resource_missing', message: 'as Stripe would say' }]);
  });

  it('that is under way is undecided until Stripe says more', async () => {
    const charge = newCharge('pm_slow');
    const outcome = await stripe.charge(charge);
    expect(outcome).toMatchObject({ status: 'PROCESSING' });
    const name = { ...charge, reference: outcome.reference };
    expect(await stripe.find(name)).toMatchObject({ status: 'PROCESSING' });
    const [intent] = intentOf(charge.idempotencyKey);
    if (intent) intent.status = 'succeeded';
    expect(await stripe.find(name)).toEqual({ ...outcome, status: 'SUCCEEDED' });
  });

  it.each(FAULTS)(
    'is undecided when Stripe fails with %s, and taken once',
    async (fault, times) => {
      const charge = newCharge('pm_card_visa');
      server.breakDown(fault, { times });
      await expect(stripe.charge(charge)).rejects.toThrow();
      const keys = server.requests.map((request) => request.key);
      expect(keys).toEqual(Array(times).fill(charge.idempotencyKey));
      expect(await stripe.find({ ...charge, reference: null })).toBeNull();
      expect(await stripe.charge(charge)).toMatchObject({ status: 'SUCCEEDED' });
      expect(intentOf(charge.idempotencyKey)).toHaveLength(1);
    },
  );

  it('whose first answer was an error, which Stripe repeats, is found by searching', async () => {
    const charge = newCharge('pm_card_visa');
    const since = new Date();
    const search = { idempotencyKey: charge.idempotencyKey, since };
    expect(await stripe.search(search)).toBeNull();
    server.breakDown('kept error 500');
    await expect(stripe.charge(charge)).rejects.toThrow();
    await expect(stripe.charge(charge)).rejects.toThrow();
    const [intent] = intentOf(charge.idempotencyKey);
    expect(await stripe.search(search)).toEqual({ status: 'SUCCEEDED', reference: intent?.id });
    const yesterday = new Date(Date.now() - 25 * 60 * 60_000);
    expect(await stripe.search({ ...search, since: yesterday })).toBeNull();
  });

  it('is found by a name only under its own key', async () => {
    const reference = await take();
    expect(await stripe.find({ ...newCharge('pm_card_visa'), reference })).toBeNull();
  });

  it('is undecided while its decline is not final', async () => {
    const charge = newCharge('pm_action');
    server.breakDown('error 500', { after: 1 });
    await expect(stripe.charge(charge)).rejects.toThrow();
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'requires_action' }]);
    expect(await stripe.charge(charge)).toMatchObject({ status: 'FAILED' });
    expect(intentOf(charge.idempotencyKey)).toMatchObject([{ status: 'canceled' }]);
  });

  it('that was paid before it could be given up is paid', async () => {
    const charge = newCharge('pm_action');
    server.breakDown('error 500', { after: 1 });
    await expect(stripe.charge(charge)).rejects.toThrow();
    const [intent] = intentOf(charge.idempotencyKey);
    if (intent) intent.status = 'succeeded';
    expect(await stripe.charge(charge)).toEqual({ status: 'SUCCEEDED', reference: intent?.id });
  });

  it('under the key of another charge is a fault, not a decline', async () => {
    const charge = newCharge('pm_card_visa');
    await stripe.charge(charge);
    await expect(
      stripe.charge({ ...charge, amount: { amount: 1, currency: 'EUR' } }),
    ).rejects.toThrow();
  });

  it('takes methods of Stripe and no others, and has none of its own choice', () => {
    expect(stripe.acceptsMethod('pm_1Nxyz')).toBe(true);
    for (const method of ['', 'pm_', 'sim_success', 'pm_x y', 'pm_../x', `pm_${'x'.repeat(99)}`]) {
      expect(stripe.acceptsMethod(method)).toBe(false);
    }
    expect(stripe.defaultMethod).toBeNull();
  });
});
