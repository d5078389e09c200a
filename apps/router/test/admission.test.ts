import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const SLOTS = 4;

let subgraph: Server;
let app: FastifyInstance;
/** Requests that the subgraphs have not answered yet. */
const held: ServerResponse[] = [];

beforeAll(async () => {
  subgraph = createServer((request, response) => {
    request.resume();
    held.push(response);
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    USER_URL: url,
    PRODUCT_URL: url,
    ORDER_URL: url,
    ADMISSION_MIN_CONCURRENT: String(SLOTS),
    ADMISSION_MAX_CONCURRENT: String(SLOTS),
    ADMISSION_SIGN_IN_CONCURRENT: '2',
    ADMISSION_MAX_WAIT_MS: '60000',
    ADMISSION_STALLED_MS: '60000',
    CORS_ORIGINS: 'https://shop.example',
  });
  app = await makeServer({ config, ...testInfrastructure() });
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app.close();
  subgraph.closeAllConnections();
  subgraph.close();
});

const post = (payload: object) => app.inject({ method: 'POST', url: '/graphql', payload });

const send = (query: string) => post({ query });

/** Sends over a connection: what is rejected there reaches no hook. */
const fetchGraph = (query: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

/** Those of a response that say the same of any two. */
const stableHeaders = (headers: Iterable<[string, string]>) =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => !['connection', 'date', 'keep-alive', 'x-request-id'].includes(name))
      .map(([name, value]) => [name, value.split(', ').sort().join(', ')]),
  );

/** Sends as many as have slots, and as many as may wait. */
const fill = async (query: string, slots: number) => {
  const before = held.length;
  const responses = Array.from({ length: 2 * slots }, () => send(query));
  await eventually(() => expect(held).toHaveLength(before + slots));
  return responses;
};

const answerAll = async (responses: Promise<unknown>[]): Promise<void> => {
  let isDone = false;
  const done = Promise.all(responses).then(() => (isDone = true));
  while (!isDone) {
    for (const response of held.splice(0)) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { product: null, login: null, payOrder: null } }));
    }
    await new Promise(setImmediate);
  }
  await done;
};

const PAGE = '{ product(sku: "A") { name } }';
const LOGIN = 'mutation { login(input: { email: "a", password: "b" }) { __typename } }';
const PAY = 'mutation { payOrder(input: { orderId: "1" }) { __typename } }';

describe('a router with as much to do as it can', () => {
  it.each([
    ['general', PAGE, SLOTS],
    ['sign-in', LOGIN, 2],
    ['payment', PAY, SLOTS],
  ])('rejects one more at once, with 503 and when to come back: %s', async (_, query, slots) => {
    const responses = await fill(query, slots);
    const rejected = await send(query);
    expect(rejected.statusCode).toBe(503);
    expect(rejected.headers).toMatchObject({ 'retry-after': '1', 'cache-control': 'no-store' });
    expect(rejected.json()).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1 },
        },
      ],
    });
    await answerAll(responses);
    for (const { statusCode } of await Promise.all(responses)) expect(statusCode).toBe(200);
  });

  it('takes payments while browsing and signing in have no slot', async () => {
    const responses = [...(await fill(PAGE, SLOTS)), ...(await fill(LOGIN, 2))];
    expect((await send(PAGE)).statusCode).toBe(503);
    const before = held.length;
    const paid = send(PAY);
    await eventually(() => expect(held).toHaveLength(before + 1));
    await answerAll([...responses, paid]);
    expect((await paid).statusCode).toBe(200);
  });

  it('takes a sign-in for one that is sent as the hash of its text', async () => {
    const sha256Hash = createHash('sha256').update(LOGIN).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    await answerAll([post({ query: LOGIN, extensions })]);
    const responses = await fill(LOGIN, 2);
    for (const query of [undefined, null, false]) {
      expect((await post({ query, extensions })).statusCode).toBe(503);
    }
    await answerAll(responses);
  });

  it('rejects over a connection as it does otherwise', async () => {
    const responses = await fill(PAGE, SLOTS);
    const headers = { origin: 'https://shop.example', 'x-request-id': 'r-1' };
    const rejected = await fetchGraph(PAGE, headers);
    const reference = await app.inject({
      ...{ method: 'POST', url: '/graphql', payload: { query: PAGE }, headers },
    });
    expect([rejected.status, await rejected.json()]).toEqual([503, reference.json()]);
    expect(rejected.headers.get('x-request-id')).toBe('r-1');
    expect(rejected.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    const given = Object.entries(reference.headers).map(
      ([name, value]) => [name, String(value)] as [string, string],
    );
    expect(stableHeaders(rejected.headers)).toEqual(stableHeaders(given));
    await answerAll(responses);
  });

  it('takes a payment over a connection while browsing has no slot', async () => {
    const responses = await fill(PAGE, SLOTS);
    const before = held.length;
    const paid = fetchGraph(PAY);
    await eventually(() => expect(held).toHaveLength(before + 1));
    expect((await fetchGraph('{')).status).toBe(503);
    await answerAll([...responses, paid]);
    expect((await paid).status).toBe(200);
  });

  it('answers its own health at any time', async () => {
    const responses = await fill(PAGE, SLOTS);
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    await answerAll(responses);
  });
});
