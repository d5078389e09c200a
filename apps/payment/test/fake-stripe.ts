import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpStub } from './http-stub.ts';

export const STRIPE_KEY = 'sk_test_fake';

type Intent = {
  id: string;
  object: 'payment_intent';
  amount: number;
  currency: string;
  created: number;
  status: string;
  metadata: Record<string, string>;
  last_payment_error: { code: string; decline_code?: string } | null;
};
type Refund = {
  id: string;
  object: 'refund';
  amount: number;
  payment_intent: string;
  status: string;
  failure_reason?: string;
  metadata: Record<string, string>;
};
type Response = { status: number; body: object };

/** How the next request fails, before or after its work is done. */
export type Fault =
  'error 500' | 'stored error 500' | 'in use' | 'rate limit' | 'hang' | 'hang up' | 'response lost';

/** A fault, and how many requests one call of Stripe's library then makes. */
export const FAULTS: readonly [Fault, number][] = [
  ['error 500', 1],
  ['in use', 1],
  ['rate limit', 1],
  ['hang', 1],
  ['hang up', 2],
  ['response lost', 2],
];

const error = (status: number, fields: object): Response => ({
  status,
  body: { error: { message: 'a message of Stripe', ...fields } },
});

const invalid = (code: string) => error(400, { type: 'invalid_request_error', code });

/** `metadata[key]=x` -> `{ key: 'x' }`. */
const metadataOf = (form: URLSearchParams) =>
  Object.fromEntries(
    [...form].flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return key ? [[key, value]] : [];
    }),
  );

/** Starts a fake of Stripe's HTTP API: forms in, JSON out, idempotency keys. */
export const startFakeStripe = async () => {
  const intents = new Map<string, Intent>();
  const refunds = new Map<string, Refund>();
  const responses = new Map<string, { form: string; response: Response }>();
  const requests: { route: string; form: URLSearchParams; key: string | null }[] = [];
  let fault: Fault | null = null;
  let faults = 0;
  let successesBefore = 0;
  let nextRefund: 'succeeded' | 'pending' | 'failed' = 'succeeded';
  let index: 'up to date' | 'behind' | 'none' = 'up to date';
  let pageSize = Number.POSITIVE_INFINITY;
  let delayMs = 0;
  const makeId = (prefix: string) => `${prefix}_${randomBytes(8).toString('hex')}`;

  const createIntent = (form: URLSearchParams): Response => {
    const method = form.get('payment_method') ?? '';
    if (method === 'pm_unknown') return invalid('resource_missing');
    const intent: Intent = {
      id: makeId('pi'),
      object: 'payment_intent',
      amount: Number(form.get('amount')),
      currency: form.get('currency') ?? '',
      created: Math.floor(Date.now() / 1_000),
      status: 'succeeded',
      metadata: metadataOf(form),
      last_payment_error: null,
    };
    intents.set(intent.id, intent);
    const decline = (code: string, decline_code?: string): Response => {
      intent.status = 'requires_payment_method';
      intent.last_payment_error = { code, ...(decline_code && { decline_code }) };
      const details = { ...intent.last_payment_error, payment_intent: { ...intent } };
      return error(402, { type: 'card_error', ...details });
    };
    if (method === 'pm_declined') return decline('card_declined', 'insufficient_funds');
    if (method === 'pm_stolen') return decline('card_declined', 'stolen_card');
    if (method === 'pm_expired') return decline('expired_card');
    if (method === 'pm_authentication') return decline('authentication_required');
    if (method === 'pm_action') intent.status = 'requires_action';
    if (method === 'pm_slow') intent.status = 'processing';
    return { status: 200, body: { ...intent } };
  };

  /** One page of a list, which ends at `limit` or at the page size of the test. */
  const toPage = (
    all: readonly { id: string }[],
    path: string,
    query: URLSearchParams,
  ): Response => {
    const start = all.findIndex(({ id }) => id === query.get('starting_after')) + 1;
    const end = start + Math.min(Number(query.get('limit') ?? 10), pageSize);
    const data = all.slice(start, end);
    return { status: 200, body: { object: 'list', url: path, has_more: end < all.length, data } };
  };

  const listIntents = (query: URLSearchParams): Response => {
    const [from, to] = ['created[gte]', 'created[lte]'].map((name) => Number(query.get(name)));
    const data = [...intents.values()].filter(
      ({ created }) => created >= (from ?? 0) && created <= (to ?? 0),
    );
    // The newest is first.
    return toPage(data.reverse(), '/v1/payment_intents', query);
  };

  const searchIntents = (query: URLSearchParams): Response => {
    if (index === 'none') return invalid('search_not_available');
    const key = /^metadata\['key'\]:'([^']+)'$/.exec(query.get('query') ?? '')?.[1];
    if (key === undefined) return invalid('parameter_invalid_string');
    const data = [...intents.values()].filter(
      ({ metadata }) => index === 'up to date' && metadata['key'] === key,
    );
    // What it has of an object may be old.
    const stale = data.map((intent) => ({ ...intent, status: 'processing' }));
    const url = '/v1/payment_intents/search';
    return { status: 200, body: { object: 'search_result', url, has_more: false, data: stale } };
  };

  const cancel = (intent: Intent): Response => {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
      return invalid('payment_intent_unexpected_state');
    }
    intent.status = 'canceled';
    return { status: 200, body: { ...intent } };
  };

  const createRefund = (form: URLSearchParams): Response => {
    const intent = intents.get(form.get('payment_intent') ?? '');
    const amount = Number(form.get('amount'));
    if (intent?.status !== 'succeeded') return invalid('resource_missing');
    const refunded = [...refunds.values()]
      .filter((refund) => refund.payment_intent === intent.id && refund.status !== 'failed')
      .reduce((sum, refund) => sum + refund.amount, 0);
    if (refunded + amount > intent.amount) return invalid('charge_already_refunded');
    const refund: Refund = {
      id: makeId('re'),
      object: 'refund',
      amount,
      payment_intent: intent.id,
      status: nextRefund,
      metadata: metadataOf(form),
      ...(nextRefund === 'failed' && { failure_reason: 'lost_or_stolen_card' }),
    };
    refunds.set(refund.id, refund);
    return { status: 200, body: { ...refund } };
  };

  const route = (method: string, url: URL, form: URLSearchParams): Response => {
    if (url.pathname === '/v1/payment_intents/search') return searchIntents(url.searchParams);
    const [, id = '', action] =
      /^\/v1\/payment_intents\/(\w+)(\/cancel)?$/.exec(url.pathname) ?? [];
    const intent = intents.get(id);
    if (id && !intent)
      return error(404, { type: 'invalid_request_error', code: 'resource_missing' });
    if (intent) return action ? cancel(intent) : { status: 200, body: { ...intent } };
    if (url.pathname === '/v1/payment_intents') {
      return method === 'POST' ? createIntent(form) : listIntents(url.searchParams);
    }
    if (method === 'POST') return createRefund(form);
    const of = url.searchParams.get('payment_intent');
    const data = [...refunds.values()].filter((refund) => refund.payment_intent === of);
    return toPage(data, url.pathname, url.searchParams);
  };

  const server = await startHttpStub(async ({ path, method, body, headers }) => {
    const url = new URL(path, 'http://stripe.test');
    const form = new URLSearchParams(body);
    const header = headers['idempotency-key'];
    const key = typeof header === 'string' && method === 'POST' ? header : null;
    requests.push({ route: `${method} ${url.pathname}`, form, key });
    if (method === 'GET') await sleep(delayMs);
    if (headers['authorization'] !== `Bearer ${STRIPE_KEY}`) return { status: 401, body: '{}' };
    // A response is stored only for a key.
    const isExempt = fault === 'stored error 500' && key === null;
    const succeeds = isExempt || successesBefore-- > 0 || faults-- <= 0;
    const now = succeeds ? null : fault;
    if (now === 'hang') return new Promise(() => undefined);
    if (now === 'hang up') return 'hang up';
    const broken =
      now === 'error 500'
        ? error(500, { type: 'api_error' })
        : now === 'in use'
          ? error(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' })
          : now === 'rate limit'
            ? error(429, { type: 'invalid_request_error', code: 'rate_limit' })
            : null;
    if (broken) return { status: broken.status, body: JSON.stringify(broken.body) };
    const before = key === null ? undefined : responses.get(key);
    if (before && before.form !== body) {
      return { status: 400, body: JSON.stringify(error(400, { type: 'idempotency_error' }).body) };
    }
    const result = before?.response ?? route(method, url, form);
    // Stripe repeats its first response to a key, even after an error.
    const response = now === 'stored error 500' ? error(500, { type: 'api_error' }) : result;
    if (key !== null) responses.set(key, { form: body, response });
    return now === 'response lost'
      ? 'hang up'
      : { status: response.status, body: JSON.stringify(response.body) };
  });

  return {
    ...server,
    intents,
    refunds,
    requests,
    /** Makes the next requests fail in this way, after some successes. */
    failNext: (next: Fault, { times = 1, after = 0 } = {}) => {
      fault = next;
      faults = times;
      successesBefore = after;
    },
    /** Gives new refunds this status. */
    settleRefundsAs: (status: typeof nextRefund) => void (nextRefund = status),
    /** Sets what the search finds: all, nothing yet, or an error as in countries without it. */
    setIndex: (next: typeof index) => void (index = next),
    /** Ends the pages of lists earlier, and delays each read. */
    setPages: (size: number, readMs = 0) => {
      pageSize = size;
      delayMs = readMs;
    },
  };
};

export type FakeStripe = Awaited<ReturnType<typeof startFakeStripe>>;
