import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@cartograph/testing';
import Stripe from 'stripe';
import { openPayment, type PaymentService } from './open-payment.ts';
import { newIntent } from './operations.ts';
import { startFakeStripe, STRIPE_KEY, type FakeStripe } from './fake-stripe.ts';

const WEBHOOK_SECRET = 'whsec_test';

let server: FakeStripe;
let payments: PaymentService;

beforeAll(async () => {
  server = await startFakeStripe();
  payments = await openPayment({
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: STRIPE_KEY,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: server.url,
  });
});

afterAll(async () => {
  await payments.close();
  await server.close();
});

const { webhooks } = new Stripe(STRIPE_KEY);

/** Sends a webhook as Stripe does. */
const sendWebhook = (object: object, secret = WEBHOOK_SECRET, timestamp = Date.now() / 1_000) => {
  const event = { id: `evt_${randomUUID()}`, object: 'event', type: 'any', data: { object } };
  const payload = JSON.stringify(event, null, 2);
  const header = { payload, secret, timestamp: Math.floor(timestamp) };
  return payments.record('stripe', payload, webhooks.generateTestHeaderString(header));
};

const intentOf = (orderId: string) =>
  [...server.intents.values()].find((intent) => intent.metadata['orderId'] === orderId);

describe('a payment service with Stripe', () => {
  it('captures and refunds a payment', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const paid = await payments.createIntent(input);
    expect(paid).toMatchObject({ status: 'SUCCEEDED', provider: 'stripe' });
    expect(await payments.refund({ paymentId: paid.id })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    expect([...server.refunds.values()]).toMatchObject([{ amount: 1999, status: 'succeeded' }]);
  });

  it('returns the decline code of a card', async () => {
    expect(await payments.createIntent(newIntent({ method: 'pm_declined' }))).toMatchObject({
      status: 'FAILED',
      failure: { code: 'insufficient_funds' },
    });
  });

  it.each([
    ['the simulator’s method', { method: 'sim_success' }],
    ['no method', {}],
  ])('refuses %s', async (_what, fields) => {
    expect(await payments.createIntent(newIntent(fields))).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ path: 'paymentMethod' }],
    });
  });

  it('settles a charge whose response was lost, and captures it once', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    server.failNext('response lost', { times: 2 });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () => {
      await payments.hurry();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    });
    const intents = [...server.intents.values()].filter(
      (intent) => intent.metadata['orderId'] === input.orderId,
    );
    expect(intents).toHaveLength(1);
  });

  it('finds a charge whose first response was an error that Stripe repeats', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    server.failNext('stored error 500');
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () => {
      await payments.hurry();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    });
  });

  it('queries the state of a charge after a webhook', async () => {
    const input = newIntent({ method: 'pm_slow' });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    const intent = intentOf(input.orderId);
    if (intent) intent.status = 'succeeded';
    expect(await sendWebhook({ ...intent, status: 'canceled' })).toMatchObject({
      duplicate: false,
    });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
  });

  it('settles a refund after a webhook that names only the intent', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    server.settleRefundsAs('pending');
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'PROCESSING' });
    server.settleRefundsAs('succeeded');
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    if (refund) refund.status = 'succeeded';
    await sendWebhook({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' }),
    );
  });

  it('polls a pending refund less and less often, without a failure', async () => {
    const { id } = await payments.createIntent(newIntent({ method: 'pm_card_visa' }));
    server.settleRefundsAs('pending');
    const refund = await payments.refund({ paymentId: id });
    server.settleRefundsAs('succeeded');
    await payments.database.query(
      "UPDATE refunds SET created_at = now() - interval '1 hour' WHERE id = $1",
      [refund.id],
    );
    await payments.hurry();
    await eventually(async () => {
      const [row] = await payments.database.query(
        `SELECT due_attempts AS attempts, due_error AS error,
           round(extract(epoch FROM due_at - now()) / 60)::int AS minutes
         FROM refunds WHERE id = $1 AND due_at > now()`,
        [refund.id],
      );
      expect(row).toEqual({ attempts: 0, minutes: 60, error: null });
    });
  });

  it('allows another refund after one was returned', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    await payments.refund({ paymentId: id });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    Object.assign(refund ?? {}, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
    await sendWebhook({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('refunds the whole order when another refund of it fails', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    server.settleRefundsAs('pending');
    await payments.refund({ paymentId: id });
    server.settleRefundsAs('succeeded');
    expect(await payments.refundForOrder(input.orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [{ status: 'PROCESSING' }],
    });
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    if (refund) refund.status = 'failed';
    await sendWebhook({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () => {
      await payments.hurry();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    });
  });

  it('refunds an order again when its refund was returned', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    await payments.createIntent(input);
    expect(await payments.refundForOrder(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    const intent = intentOf(input.orderId)?.id ?? '';
    const ofIntent = () =>
      [...server.refunds.values()].filter((one) => one.payment_intent === intent);
    const [first] = ofIntent();
    Object.assign(first ?? {}, { status: 'failed', failure_reason: 'declined' });
    await sendWebhook({ object: 'refund', id: first?.id, payment_intent: intent });
    await eventually(async () => {
      await payments.hurry();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({
        status: 'REFUNDED',
        refunds: [{ status: 'FAILED' }, { status: 'SUCCEEDED', amount: { amount: 1999 } }],
      });
    });
    expect(ofIntent()).toHaveLength(2);
  });

  it('refuses a webhook without a valid and recent signature', async () => {
    const refused = { code: 'PAYMENT_EVENT_REFUSED' };
    const object = { object: 'payment_intent', id: 'pi_1' };
    expect(await sendWebhook(object, 'whsec_other')).toMatchObject(refused);
    expect(await sendWebhook(object, WEBHOOK_SECRET, Date.now() / 1_000 - 301)).toMatchObject(
      refused,
    );
    expect(await payments.record('stripe', '{}', 'no signature')).toMatchObject(refused);
    expect(await sendWebhook({ object: 'customer', id: 'cus_1' })).toMatchObject({
      duplicate: false,
    });
  });

  it('says whether a provider is known: npm run e2e must not pay in a shop without the simulator', async () => {
    const refuse = (provider: string) => payments.record(provider, '{}', 'no signature');
    const [known, unknown] = [await refuse('stripe'), await refuse('no-such-provider')];
    for (const { code } of [known, unknown]) expect(code).toBe('PAYMENT_EVENT_REFUSED');
    expect(known.message).not.toBe(unknown.message);
  });
});
