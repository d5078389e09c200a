import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../src/index.ts';
import { dataOf, errorOf, openGraph, type Graph, type Reply } from './kit/open-graph.ts';

let graph: Graph;

afterEach(() => graph.close());

const ORDER = { __typename: 'Order', id: 'o1' };
const INPUT = { items: [{ productId: 'p1', quantity: 1 }] };
const SESSION = { email: 'ada@example.com', password: 'secret' };

const REJECTED = {
  status: 503,
  headers: { 'retry-after': '0' },
  body: { errors: [{ message: 'busy', extensions: { code: 'UNAVAILABLE' } }] },
};

const NO_PRODUCT = dataOf({ product: null });

/** Answers with each reply in turn, and then with the last. */
const inTurn = (...replies: readonly Reply[]): (() => Reply) => {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)] ?? null;
};

const keys = () =>
  graph.received.map(
    ({ variables }) => (variables['input'] as { idempotencyKey?: string }).idempotencyKey,
  );

describe('a query that fails', () => {
  it.each([
    ['a router that is busy', REJECTED],
    ['a proxy without a router', { status: 502, body: '<html>' }],
    ['a service that is down', errorOf('UNAVAILABLE')],
    ['a connection that is closed', null],
  ])('is sent again after %s', async (_what, reply) => {
    graph = await openGraph(inTurn(reply, reply, NO_PRODUCT));
    expect(await graph.connect().product({ sku: 'LAMP' })).toBeNull();
    expect(graph.received).toHaveLength(3);
  });

  it('is sent so many times and no more', async () => {
    graph = await openGraph(() => REJECTED);
    const call = graph.connect().product({ sku: 'LAMP' });
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 });
    expect(graph.received).toHaveLength(1 + DEFAULT_LIMITS.maxRetries);
  });

  it.each([
    ['header', { ...REJECTED, headers: { 'retry-after': '3600' } }],
    ['error', errorOf('UNAVAILABLE', { retryAfterSeconds: 3600 })],
  ])('is not sent again when the %s asks for a longer wait than allowed', async (_what, reply) => {
    graph = await openGraph(() => reply);
    await expect(graph.connect().product({ sku: 'LAMP' })).rejects.toMatchObject({
      retryAfterSeconds: 3600,
    });
    expect(graph.received).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    graph = await openGraph(inTurn({ ...REJECTED, headers: { 'retry-after': '1' } }, NO_PRODUCT));
    const start = performance.now();
    await graph.connect().product({ sku: 'LAMP' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(999);
  });

  it('is not sent again after an error that would come again', async () => {
    graph = await openGraph(() => errorOf('BAD_USER_INPUT'));
    await expect(graph.connect().product({ sku: '' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'it is BAD_USER_INPUT',
    });
    expect(graph.received).toHaveLength(1);
  });
});

describe('a mutation with an idempotency key', () => {
  it('has the same key in each retry, and another in the next call', async () => {
    const done = dataOf({ createOrder: ORDER });
    graph = await openGraph(inTurn(null, REJECTED, done, done));
    const shop = graph.connect();
    expect(await shop.createOrder(INPUT)).toEqual(ORDER);
    await shop.createOrder(INPUT);
    const [first, ...others] = keys();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(others.slice(0, 2)).toEqual([first, first]);
    expect(others[2]).not.toBe(first);
  });

  it.each(['payOrder', 'cancelOrder', 'refundPayment'] as const)('is also %s', async (name) => {
    graph = await openGraph(inTurn(null, dataOf({ [name]: ORDER })));
    const shop = graph.connect();
    const call = shop[name] as (input: object) => Promise<unknown>;
    expect(await call({ orderId: 'o1' })).toEqual(ORDER);
    expect(new Set(keys()).size).toBe(1);
  });

  it('fails with its key, by which it can be completed later', async () => {
    graph = await openGraph(inTurn(null, null, dataOf({ createOrder: ORDER })));
    const shop = graph.connect({ limits: { maxRetries: 1 } });
    const error = (await shop.createOrder(INPUT).catch((thrown: unknown) => thrown)) as {
      code: string;
      idempotencyKey: string;
    };
    expect(error.code).toBe('NETWORK');
    await shop.createOrder(INPUT, { idempotencyKey: error.idempotencyKey });
    expect(keys()).toEqual(Array(3).fill(error.idempotencyKey));
  });

  it('waits for the first request with the key, and returns the problem if that takes long', async () => {
    const inFlight = dataOf({
      payOrder: { __typename: 'RequestInFlightProblem', code: 'X', retryAfterSeconds: 0 },
    });
    graph = await openGraph(inTurn(inFlight, inFlight, dataOf({ payOrder: ORDER })));
    const shop = graph.connect({ limits: { maxRetries: 2 } });
    expect(await shop.payOrder({ orderId: 'o1' })).toEqual(ORDER);
    await graph.close();
    graph = await openGraph(() => inFlight);
    const result = await graph.connect().payOrder({ orderId: 'o1' });
    expect(result).toMatchObject({ __typename: 'RequestInFlightProblem' });
    expect(new Set(keys()).size).toBe(1);
    expect(graph.received).toHaveLength(1 + DEFAULT_LIMITS.maxRetries);
  });
});

describe('a mutation without a key', () => {
  it('is not sent again when its response is lost', async () => {
    graph = await openGraph(() => null);
    await expect(graph.connect().register(SESSION)).rejects.toMatchObject({ code: 'NETWORK' });
    expect(graph.received).toHaveLength(1);
  });

  it('is sent again when the shop says that it was rejected, and when to return', async () => {
    const problem = { __typename: 'EmailTakenProblem', code: 'EMAIL_TAKEN', message: 'taken' };
    graph = await openGraph(inTurn(REJECTED, dataOf({ register: problem })));
    expect(await graph.connect().register(SESSION)).toEqual(problem);
    expect(graph.received).toHaveLength(2);
  });
});

describe('a call that takes too long', () => {
  it('fails at its deadline, with its key', async () => {
    graph = await openGraph(() => new Promise<never>(() => {}));
    const call = graph.connect().createOrder(INPUT, { deadlineMs: 50, idempotencyKey: 'basket' });
    await expect(call).rejects.toMatchObject({ code: 'TIMEOUT', idempotencyKey: 'basket' });
  });

  it('is not retried when its deadline comes before the retry', async () => {
    graph = await openGraph(() => ({ ...REJECTED, headers: { 'retry-after': '200' } }));
    const shop = graph.connect({ limits: { maxRetryWaitMs: 1_000_000 } });
    const call = shop.product({ sku: 'LAMP' }, { deadlineMs: 190_000 });
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(graph.received).toHaveLength(1);
  });

  it('ends when its caller does not want it any more, during a request or a wait', async () => {
    graph = await openGraph(() => ({ ...REJECTED, headers: { 'retry-after': '9' } }));
    const leaving = new AbortController();
    const call = graph.connect().product({ sku: 'LAMP' }, { signal: leaving.signal });
    while (graph.received.length === 0) await new Promise(setImmediate);
    leaving.abort(new Error('the page was left'));
    await expect(call).rejects.toThrow('the page was left');
    const gone = graph.connect().product({ sku: 'LAMP' }, { signal: leaving.signal });
    await expect(gone).rejects.toThrow('the page was left');
  });
});
