import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeStripe } from '../src/clients/stripe/make-stripe.ts';
import type { PaymentProvider } from '../src/domain/payment-provider.ts';
import { startFakeStripe, STRIPE_KEY, type FakeStripe } from './fake-stripe.ts';

const HOUR_MS = 60 * 60_000;
const LIST = 'GET /v1/payment_intents';
const INDEX = 'GET /v1/payment_intents/search';

let server: FakeStripe;

const open = (timeoutMs = 2_000): PaymentProvider =>
  makeStripe(
    { secretKey: STRIPE_KEY, webhookSecret: 'whsec_test', apiBase: server.url, timeoutMs },
    () => undefined,
  );

beforeAll(async () => {
  server = await startFakeStripe();
});

beforeEach(() => {
  server.setIndex('up to date');
  server.setPages(100);
});

afterAll(() => server.close());

/** Captures a payment, and then others. @returns its key, and Stripe's id of its intent */
const capture = async (others = 0) => {
  server.intents.clear();
  const amount = { amount: 1999, currency: 'EUR' };
  const charge = (idempotencyKey: string) =>
    open().charge({ idempotencyKey, amount, method: 'pm_card_visa' });
  const idempotencyKey = `${randomUUID()}:1`;
  const { reference } = await charge(idempotencyKey);
  for (let other = 0; other < others; other += 1) await charge(`${randomUUID()}:1`);
  server.requests.length = 0;
  return { idempotencyKey, reference };
};

const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

const routes = () => server.requests.map(({ route }) => route);

describe('the search for a charge whose intent is not known', () => {
  it('reads the list of its time to the last page', async () => {
    const { idempotencyKey, reference } = await capture(4);
    server.setPages(2);
    const found = await open().search({ idempotencyKey, since: new Date() });
    expect(found).toEqual({ status: 'SUCCEEDED', reference });
    expect(routes()).toEqual([LIST, LIST, LIST]);
  });

  it('asks the index for an older one, and the intent for its state', async () => {
    const { idempotencyKey, reference } = await capture();
    const found = await open().search({ idempotencyKey, since: ago(2) });
    expect(found).toEqual({ status: 'SUCCEEDED', reference });
    expect(routes()).toEqual([INDEX, `${LIST}/${reference}`]);
  });

  it.each(['behind', 'none'] as const)('reads the list when the index is %s', async (index) => {
    const { idempotencyKey, reference } = await capture();
    server.setIndex(index);
    const found = await open().search({ idempotencyKey, since: ago(2) });
    expect(found).toEqual({ status: 'SUCCEEDED', reference });
    expect(routes()).toEqual([INDEX, LIST]);
  });

  it('ends with the index when that has all that may have been charged', async () => {
    await capture();
    const search = { idempotencyKey: 'another:1', since: ago(26) };
    expect(await open().search(search)).toBeNull();
    expect(routes()).toEqual([INDEX]);
    // Where there is no index, the list of the time of its key has all of it.
    server.setIndex('none');
    expect(await open().search(search)).toBeNull();
    expect(routes()).toEqual([INDEX, INDEX, LIST]);
  });
});
