import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEADLINE_HEADER } from '@cartograph/resilience';
import { loggingInfrastructure, TEST_SECRET } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const TIMEOUT_MS = 30_000;

type Subgraph = 'order' | 'product';

const ORDER_DATA = { order: { items: [{ product: { __typename: 'Product', id: 'lamp' } }] } };

const respondWith = (response: ServerResponse, body: object): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

/** What each subgraph does with a request. */
let handle: Record<Subgraph, (response: ServerResponse) => void>;
/** The deadline that each request carried. */
let deadlines: { subgraph: Subgraph; ms: number }[];

const servers: Server[] = [];
const { infrastructure, logged } = loggingInfrastructure();
let app: FastifyInstance;

const startSubgraph = async (name: Subgraph): Promise<string> => {
  const server = createServer((request, response) => {
    void text(request).then(() => {
      const ms = Number(request.headers[DEADLINE_HEADER]);
      deadlines.push({ subgraph: name, ms });
      handle[name](response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
};

beforeAll(async () => {
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    SUBGRAPH_TIMEOUT_MS: String(TIMEOUT_MS),
    PRODUCT_URL: await startSubgraph('product'),
    ORDER_URL: await startSubgraph('order'),
  });
  app = await makeServer({ config, ...infrastructure });
});

afterAll(async () => {
  await app.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

beforeEach(() => {
  deadlines = [];
  logged.length = 0;
  handle = {
    order: (response) => respondWith(response, { data: ORDER_DATA }),
    product: (response) => respondWith(response, { data: { _entities: [{ stock: 7 }] } }),
  };
});

const ask = async (query: string, headers: Record<string, string> = {}) => {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query },
    headers,
  });
  return response.json<{ data: unknown; errors?: { extensions: object }[] }>();
};

const ORDER = '{ order(id: "1") { items { product { stock } } } }';

const unavailable = [expect.objectContaining({ extensions: { code: 'UNAVAILABLE' } })];

describe('the time of a request', () => {
  it.each([
    ['sets no bound', {}],
    ['waits for longer', { [DEADLINE_HEADER]: '60000' }],
  ])('is one for all subgraphs, also when the client %s', async (_, headers) => {
    handle.order = (response) => {
      setTimeout(() => respondWith(response, { data: ORDER_DATA }), 120);
    };
    expect(await ask(ORDER, headers)).toEqual({
      data: { order: { items: [{ product: { stock: 7 } }] } },
    });
    expect(deadlines.map(({ subgraph }) => subgraph)).toEqual(['order', 'product']);
    const [first, second] = deadlines;
    expect(first?.ms).toBeLessThanOrEqual(TIMEOUT_MS);
    expect(first?.ms).toBeGreaterThan(TIMEOUT_MS / 2);
    // Timers may fire a little early.
    expect((first?.ms ?? 0) - (second?.ms ?? 0)).toBeGreaterThan(110);
    expect(second?.ms).toBeGreaterThan(0);
  });

  it('is not longer than the timeout of the client, nor that of the router', async () => {
    await ask(ORDER, { [DEADLINE_HEADER]: '7000' });
    expect(deadlines[0]?.ms).toBeLessThanOrEqual(7_000);
    expect(deadlines[0]?.ms).toBeGreaterThan(0);
    deadlines = [];
    for (const timeoutMs of ['60000', 'nonsense', '-1']) {
      await ask(ORDER, { [DEADLINE_HEADER]: timeoutMs });
    }
    for (const { ms } of deadlines) {
      expect(ms).toBeGreaterThan(7_000);
      expect(ms).toBeLessThanOrEqual(TIMEOUT_MS);
    }
  });

  it('ends the wait for a subgraph, and no other is called after it', async () => {
    handle.order = () => undefined;
    const start = performance.now();
    const { data, errors } = await ask(ORDER, { [DEADLINE_HEADER]: '500' });
    expect(performance.now() - start).toBeLessThan(TIMEOUT_MS / 2);
    expect({ data, errors }).toEqual({ data: { order: null }, errors: unavailable });
    expect(deadlines).toHaveLength(1);
    expect(await ask(ORDER, { [DEADLINE_HEADER]: '0' })).toMatchObject({ errors: unavailable });
    expect(deadlines).toHaveLength(1);
  });

  it('that is short is no failure of a subgraph; a broken connection is one', async () => {
    handle.order = () => undefined;
    for (const ms of ['0', '1', '300']) await ask(ORDER, { [DEADLINE_HEADER]: ms });
    expect(logged).toEqual([]);
    handle.order = (response) => response.destroy();
    expect(await ask(ORDER, { [DEADLINE_HEADER]: '10000' })).toMatchObject({ errors: unavailable });
    expect(logged).toMatchObject([{ subgraph: 'order' }]);
  });

  it('is each request’s own', async () => {
    await Promise.all([ask(ORDER, { [DEADLINE_HEADER]: '5000' }), ask(ORDER)]);
    const ofOrder = deadlines.filter(({ subgraph }) => subgraph === 'order').map(({ ms }) => ms);
    expect(ofOrder).toHaveLength(2);
    expect(Math.min(...ofOrder)).toBeLessThanOrEqual(5_000);
    expect(Math.max(...ofOrder)).toBeGreaterThan(7_000);
  });
});

describe('a subgraph that says when to come back', () => {
  const failure = (extensions: object) => ({
    data: { order: null },
    errors: [{ message: 'away', path: ['order'], extensions }],
  });

  it.each([
    [
      { code: 'UNAVAILABLE', retryAfterSeconds: 7 },
      { code: 'UNAVAILABLE', retryAfterSeconds: 7 },
    ],
    [{ code: 'UNAVAILABLE' }, { code: 'UNAVAILABLE' }],
    [{ code: 'UNAVAILABLE', retryAfterSeconds: 'soon' }, { code: 'UNAVAILABLE' }],
    [{ code: 'UNAVAILABLE', retryAfterSeconds: -1, inside: 'x' }, { code: 'UNAVAILABLE' }],
  ])('of %j answers the client with %j', async (said, expected) => {
    handle.order = (response) => respondWith(response, failure(said));
    const { errors } = await ask(ORDER);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([expected]);
  });

  it('also behind another one', async () => {
    handle.product = (response) =>
      respondWith(response, {
        data: { _entities: [null] },
        errors: [
          {
            message: 'away',
            path: ['_entities', 0],
            extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 3 },
          },
        ],
      });
    const { errors } = await ask(ORDER);
    expect(errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryAfterSeconds: 3 });
  });
});
