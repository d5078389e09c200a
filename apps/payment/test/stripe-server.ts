import { randomBytes } from 'node:crypto';
import { serve } from './outside.ts';

export const STRIPE_KEY = 'sk_test_of_nobody';

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
type Answer = { status: number; body: object };

/** How the next request goes wrong: before its work is done, or after. */
export type Fault =
  'error 500' | 'kept error 500' | 'in use' | 'rate limit' | 'hang' | 'hang up' | 'answer lost';

/** What goes wrong, and how often one call of the library then asks. */
export const FAULTS: readonly [Fault, number][] = [
  ['error 500', 1],
  ['in use', 1],
  ['rate limit', 1],
  ['hang', 1],
  ['hang up', 2],
  ['answer lost', 2],
];

const error = (status: number, fields: object): Answer => ({
  status,
  body: { error: { message: 'as Stripe would say', ...fields } },
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

/** Stripe as far as its adapter can tell, over HTTP: forms in, JSON out, idempotency keys. */
export const serveStripe = async () => {
  const intents = new Map<string, Intent>();
  const refunds = new Map<string, Refund>();
  const answered = new Map<string, { form: string; answer: Answer }>();
  const requests: { route: string; form: URLSearchParams; key: string | null }[] = [];
  let fault: Fault | null = null;
  let faults = 0;
  let goodOnes = 0;
  let nextRefund: 'succeeded' | 'pending' | 'failed' = 'succeeded';
  const makeId = (prefix: string) => `${prefix}_${randomBytes(8).toString('hex')}`;

  const createIntent = (form: URLSearchParams): Answer => {
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
    const decline = (code: string, decline_code?: string): Answer => {
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

  const listIntents = (query: URLSearchParams): Answer => {
    const [from, to] = ['created[gte]', 'created[lte]'].map((name) => Number(query.get(name)));
    const data = [...intents.values()].filter(
      ({ created }) => created >= (from ?? 0) && created <= (to ?? 0),
    );
    return {
      status: 200,
      body: { object: 'list', url: '/v1/payment_intents', has_more: false, data },
    };
  };

  const cancel = (intent: Intent): Answer => {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) {
      return invalid('payment_intent_unexpected_state');
    }
    intent.status = 'canceled';
    return { status: 200, body: { ...intent } };
  };

  const createRefund = (form: URLSearchParams): Answer => {
    const intent = intents.get(form.get('payment_intent') ?? '');
    const amount = Number(form.get('amount'));
    if (intent?.status !== 'succeeded') return invalid('resource_missing');
    const given = [...refunds.values()]
      .filter((refund) => refund.payment_intent === intent.id && refund.status !== 'failed')
      .reduce((sum, refund) => sum + refund.amount, 0);
    if (given + amount > intent.amount) return invalid('charge_already_refunded');
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

  const route = (method: string, url: URL, form: URLSearchParams): Answer => {
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
    return { status: 200, body: { object: 'list', url: url.pathname, has_more: false, data } };
  };

  const server = await serve(async ({ path, method, body, headers }) => {
    const url = new URL(path, 'http://stripe.test');
    const form = new URLSearchParams(body);
    const header = headers['idempotency-key'];
    const key = typeof header === 'string' && method === 'POST' ? header : null;
    requests.push({ route: `${method} ${url.pathname}`, form, key });
    if (headers['authorization'] !== `Bearer ${STRIPE_KEY}`) return { status: 401, body: '{}' };
    // An answer is kept only where there is a key.
    const isSpared = fault === 'kept error 500' && key === null;
    const isGood = isSpared || goodOnes-- > 0 || faults-- <= 0;
    const now = isGood ? null : fault;
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
    const before = key === null ? undefined : answered.get(key);
    if (before && before.form !== body) {
      return { status: 400, body: JSON.stringify(error(400, { type: 'idempotency_error' }).body) };
    }
    const done = before?.answer ?? route(method, url, form);
    // What Stripe answered first to a key it answers always, whatever it did.
    const answer = now === 'kept error 500' ? error(500, { type: 'api_error' }) : done;
    if (key !== null) answered.set(key, { form: body, answer });
    return now === 'answer lost'
      ? 'hang up'
      : { status: answer.status, body: JSON.stringify(answer.body) };
  });

  return {
    ...server,
    intents,
    refunds,
    requests,
    /** The next requests go wrong in this way, but for some good ones before. */
    breakDown: (next: Fault, { times = 1, after = 0 } = {}) => {
      fault = next;
      faults = times;
      goodOnes = after;
    },
    /** Refunds that are made from now on have this status. */
    answerRefunds: (status: typeof nextRefund) => void (nextRefund = status),
  };
};

export type StripeServer = Awaited<ReturnType<typeof serveStripe>>;
