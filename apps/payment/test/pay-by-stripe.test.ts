import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@cartograph/testing';
import Stripe from 'stripe';
import { newIntent, openPayments, type Payments } from './open-payments.ts';
import { serveStripe, STRIPE_KEY, type StripeServer } from './stripe-server.ts';

const WEBHOOK_SECRET = 'whsec_of_nobody';

let server: StripeServer;
let payments: Payments;

beforeAll(async () => {
  server = await serveStripe();
  payments = await openPayments({
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

/** Hands in a webhook as Stripe sends it. */
const tell = (object: object, secret = WEBHOOK_SECRET, timestamp = Date.now() / 1_000) => {
  const event = { id: `evt_${randomUUID()}`, object: 'event', type: 'any', data: { object } };
  const payload = JSON.stringify(event, null, 2);
  const header = { payload, secret, timestamp: Math.floor(timestamp) };
  return payments.record('stripe', payload, webhooks.generateTestHeaderString(header));
};

const intentOf = (orderId: string) =>
  [...server.intents.values()].find((intent) => intent.metadata['orderId'] === orderId);

describe('a shop that is paid by Stripe', () => {
  it('takes the money, and gives it back', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const paid = await payments.createIntent(input);
    expect(paid).toMatchObject({ status: 'SUCCEEDED', provider: 'stripe' });
    expect(await payments.refund({ paymentId: paid.id })).toMatchObject({ status: 'SUCCEEDED' });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    expect([...server.refunds.values()]).toMatchObject([{ amount: 1999, status: 'succeeded' }]);
  });

  it('says why a card was declined', async () => {
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

  it('finds out what became of a charge whose answer was lost, and takes it once', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    server.breakDown('answer lost', { times: 2 });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    });
    const intents = [...server.intents.values()].filter(
      (intent) => intent.metadata['orderId'] === input.orderId,
    );
    expect(intents).toHaveLength(1);
  });

  it('finds a charge whose first answer was an error that Stripe repeats', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    server.breakDown('kept error 500');
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' });
    });
  });

  it('hears of a late decision by webhook, and asks what it is', async () => {
    const input = newIntent({ method: 'pm_slow' });
    expect(await payments.createIntent(input)).toMatchObject({ status: 'PROCESSING' });
    const intent = intentOf(input.orderId);
    if (intent) intent.status = 'succeeded';
    expect(await tell({ ...intent, status: 'canceled' })).toMatchObject({ duplicate: false });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
  });

  it('hears of a refund by webhook, which names the intent alone', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    server.answerRefunds('pending');
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'PROCESSING' });
    server.answerRefunds('succeeded');
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    if (refund) refund.status = 'succeeded';
    await tell({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' }),
    );
  });

  it('asks about a pending refund more and more rarely, and that is no failure', async () => {
    const { id } = await payments.createIntent(newIntent({ method: 'pm_card_visa' }));
    server.answerRefunds('pending');
    const refund = await payments.refund({ paymentId: id });
    server.answerRefunds('succeeded');
    await payments.database.query(
      "UPDATE refunds SET created_at = now() - interval '1 hour' WHERE id = $1",
      [refund.id],
    );
    await payments.hurryJobs();
    await eventually(async () => {
      const [job] = await payments.database.query(
        `SELECT attempts, round(extract(epoch FROM run_at - now()) / 60)::int AS minutes, last_error
         FROM graphile_worker._private_jobs WHERE key = $1 AND run_at > now()`,
        [`refund:${refund.id}`],
      );
      expect(job).toEqual({ attempts: 0, minutes: 60, last_error: null });
    });
  });

  it('hears of a refund that came back: its money can be given again', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    await payments.refund({ paymentId: id });
    expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    Object.assign(refund ?? {}, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
    await tell({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () =>
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'SUCCEEDED' }),
    );
    expect(await payments.refund({ paymentId: id })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('gives all of an order’s money back, also what another refund could not', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    const { id } = await payments.createIntent(input);
    server.answerRefunds('pending');
    await payments.refund({ paymentId: id });
    server.answerRefunds('succeeded');
    expect(await payments.refundForOrder(input.orderId)).toMatchObject({
      status: 'SUCCEEDED',
      refunds: [{ status: 'PROCESSING' }],
    });
    const intent = intentOf(input.orderId)?.id ?? '';
    const refund = [...server.refunds.values()].find((one) => one.payment_intent === intent);
    if (refund) refund.status = 'failed';
    await tell({ object: 'refund', id: refund?.id, payment_intent: intent });
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    });
  });

  it('gives an order’s money back again when its refund came back', async () => {
    const input = newIntent({ method: 'pm_card_visa' });
    await payments.createIntent(input);
    expect(await payments.refundForOrder(input.orderId)).toMatchObject({ status: 'REFUNDED' });
    const intent = intentOf(input.orderId)?.id ?? '';
    const ofIntent = () =>
      [...server.refunds.values()].filter((one) => one.payment_intent === intent);
    const [first] = ofIntent();
    Object.assign(first ?? {}, { status: 'failed', failure_reason: 'declined' });
    await tell({ object: 'refund', id: first?.id, payment_intent: intent });
    await eventually(async () => {
      await payments.hurryJobs();
      expect(await payments.findAttempt(input.orderId)).toMatchObject({
        status: 'REFUNDED',
        refunds: [{ status: 'FAILED' }, { status: 'SUCCEEDED', amount: { amount: 1999 } }],
      });
    });
    expect(ofIntent()).toHaveLength(2);
  });

  it('takes no webhook that is not signed by Stripe, or long ago', async () => {
    const refused = { code: 'PAYMENT_EVENT_REFUSED' };
    const object = { object: 'payment_intent', id: 'pi_1' };
    expect(await tell(object, 'whsec_of_somebody')).toMatchObject(refused);
    expect(await tell(object, WEBHOOK_SECRET, Date.now() / 1_000 - 301)).toMatchObject(refused);
    expect(await payments.record('stripe', '{}', 'no signature')).toMatchObject(refused);
    expect(await tell({ object: 'customer', id: 'cus_1' })).toMatchObject({ duplicate: false });
  });
});
