import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let catalogue: Server;
let app: FastifyInstance;
let asked = 0;
let unique = 0;
let policy = 'max-age=60, public';
let errors: object[] | undefined;

beforeAll(async () => {
  catalogue = createServer((request, response) => {
    void (async () => {
      await text(request);
      asked += 1;
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', policy);
      const product = { id: `id ${asked}`, sku: `sku ${asked}` };
      response.end(JSON.stringify({ data: { product, products: null }, errors }));
    })();
  }).listen(0, '127.0.0.1');
  await once(catalogue, 'listening');
  const url = `http://127.0.0.1:${(catalogue.address() as AddressInfo).port}/graphql`;
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    PRODUCT_URL: url,
    CORS_ORIGINS: 'https://shop.example',
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  catalogue.close();
});

beforeEach(() => {
  policy = 'max-age=60, public';
  errors = undefined;
});

/** A query that no other test has sent. */
const newQuery = (): string => `{ product(sku: "P${(unique += 1)}") { id sku } }`;

const post = (payload: object | string, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/graphql',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });

const get = (query: string, headers = {}) =>
  app.inject({ url: `/graphql?query=${encodeURIComponent(query)}`, headers });

/** How many of these requests, sent one after the other, reach the subgraph. */
const countExecuted = async (...requests: InjectOptions[]): Promise<number> => {
  const before = asked;
  for (const request of requests) await app.inject(request);
  return asked - before;
};

const asPost = (payload: object | string, headers: Record<string, string> = {}): InjectOptions => ({
  method: 'POST',
  url: '/graphql',
  payload,
  headers: { 'content-type': 'application/json', ...headers },
});

describe('a public query', () => {
  it('is executed once, and then sent with its age, and all else as before', async () => {
    const query = newQuery();
    const before = asked;
    const headers = { origin: 'https://shop.example' };
    const first = await post({ query }, headers);
    const second = await post({ query }, headers);
    expect(asked).toBe(before + 1);
    expect(first.headers).not.toHaveProperty('age');
    expect(second.headers['age']).toMatch(/^[1-5]$/);
    expect(second.body).toBe(first.body);
    expect(second.statusCode).toBe(200);
    const own = ['age', 'date', 'x-request-id', 'connection'];
    const others = (all: object) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)));
    expect(others(second.headers)).toEqual(others(first.headers));
    expect(second.headers).toMatchObject({
      'cache-control': 'max-age=60, public',
      'access-control-allow-origin': 'https://shop.example',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('is executed for each client that is signed in, or asks for what is current', async () => {
    const query = newQuery();
    await post({ query });
    for (const headers of [
      { authorization: 'Bearer a.b.c' },
      { authorization: '' },
      { 'cache-control': 'no-cache' },
      { pragma: 'no-cache' },
      { 'apollo-query-plan-experimental': '1' },
    ] as Record<string, string>[]) {
      const request = asPost({ query }, headers);
      expect({ headers, executed: await countExecuted(request, request) }).toEqual({
        headers,
        executed: 2,
      });
    }
    // What they were sent is not stored for others.
    const other = newQuery();
    await post({ query: other }, { authorization: 'Bearer a.b.c' });
    expect(await countExecuted(asPost({ query: other }))).toBe(1);
  });

  it.each([
    ['private', 'max-age=60, private'],
    ['no-store', 'no-store'],
    ['no-cache', 'max-age=60, public, no-cache'],
    ['of no age', 'max-age=0, public'],
  ])('is not stored when it is %s', async (_what, said) => {
    policy = said;
    const request = asPost({ query: newQuery() });
    expect(await countExecuted(request, request)).toBe(2);
  });

  it('is not stored with an error', async () => {
    errors = [{ message: 'no', path: ['product', 'sku'], extensions: { code: 'INTERNAL' } }];
    const request = asPost({ query: newQuery() });
    expect(await countExecuted(request, request)).toBe(2);
  });
});

describe('requests that differ in anything', () => {
  const VARIABLES =
    'query A($sku: String) { product(sku: $sku) { id } } query B { product(sku: "B") { id } }';

  it.each<[string, (query: string) => readonly (object | string)[]]>([
    ['spaces and comments', (query) => [{ query }, { query: ` ${query}` }, { query: `${query}#` }]],
    ['an alias', (query) => [{ query }, { query: query.replace('id', 'no: id') }]],
    [
      'the values of variables and their types',
      () =>
        [{ sku: '1' }, { sku: null }, {}, { sku: '1', unused: 1 }].map((variables) => ({
          query: VARIABLES,
          operationName: 'A',
          variables,
        })),
    ],
    [
      'the operation',
      () => ['A', 'B'].map((operationName) => ({ query: VARIABLES, operationName })),
    ],
    [
      'an operation of null, or none',
      (query) => [{ query }, { query, operationName: null }, { query, variables: null }],
    ],
    [
      'a name twice',
      (query) => [
        `{"query":${JSON.stringify(query)},"query":"{ product(sku: \\"twice\\") { sku } }"}`,
        `{"query":"{ product(sku: \\"twice\\") { sku } }","query":${JSON.stringify(query)}}`,
      ],
    ],
    ['extensions', (query) => [{ query }, { query, extensions: {} }]],
  ])('have responses of their own: %s', async (_what, payloadsOf) => {
    const payloads = payloadsOf(newQuery());
    expect(await countExecuted(...payloads.map((payload) => asPost(payload)))).toBe(
      payloads.length,
    );
    const responses = await Promise.all(payloads.map((payload) => post(payload)));
    expect(new Set(responses.map(({ body }) => body)).size).toBe(payloads.length);
  });

  it('in the content type that is accepted', async () => {
    const query = newQuery();
    const graphql = 'application/graphql-response+json';
    for (let round = 0; round < 2; round += 1) {
      expect((await post({ query })).headers['content-type']).toMatch('application/json');
      expect((await post({ query }, { accept: graphql })).headers['content-type']).toMatch(graphql);
      expect((await post({ query }, { accept: 'text/csv' })).statusCode).toBe(406);
    }
  });

  it('in the method: GET and POST', async () => {
    const query = newQuery();
    const preflight = { 'apollo-require-preflight': '1' };
    await post({ query });
    const before = asked;
    expect((await get(query, preflight)).headers).not.toHaveProperty('age');
    expect((await get(query, preflight)).headers['age']).toMatch(/^[1-5]$/);
    expect(asked).toBe(before + 1);
  });
});

describe('the rules for requests', () => {
  it('hold for what is stored: a GET that a page of another origin could send is refused', async () => {
    const query = newQuery();
    expect((await get(query, { 'apollo-require-preflight': '1' })).statusCode).toBe(200);
    expect((await get(query)).statusCode).toBe(400);
    for (const name of ['apollo-require-preflight', 'x-apollo-operation-name']) {
      expect((await get(query, { [name]: '' })).statusCode).toBe(400);
    }
    const headers = { 'apollo-require-preflight': '1', 'content-type': 'text/plain' };
    expect((await get(query, headers)).statusCode).toBe(415);
  });

  it('hold for what is stored: a POST of another content type is refused', async () => {
    const query = newQuery();
    expect((await post({ query })).statusCode).toBe(200);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const refused = await post(JSON.stringify({ query }), { 'content-type': type });
      expect(refused.statusCode).toBeGreaterThanOrEqual(400);
      expect(refused.headers['cache-control']).toBe('no-store');
    }
  });

  it('hold for persisted queries: a hash is stored with the text that it is of', async () => {
    const [query, other] = [newQuery(), newQuery()];
    const hashOf = (value: string) => createHash('sha256').update(value).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash: hashOf(query) } };
    const wrong = await post({ query: other, extensions });
    expect(wrong.statusCode).toBe(400);
    expect((await post({ extensions })).body).toMatch('PERSISTED_QUERY_NOT_FOUND');
    const registered = await post({ query, extensions });
    for (let round = 0; round < 2; round += 1) {
      const { data } = (await post({ extensions })).json<{ data: object }>();
      expect(Object.keys(data)).toEqual(['product']);
    }
    expect((await post({ query, extensions })).body).toBe(registered.body);
    expect((await post({ query: other, extensions })).statusCode).toBe(400);
  });

  it('hold for introspection and refused operations: neither is stored', async () => {
    for (const query of ['{ __typename }', '{ nothing }', '{']) {
      await post({ query });
      expect((await post({ query })).headers).not.toHaveProperty('age');
    }
    const long = asPost({ query: `${newQuery()} #${'x'.repeat(20_000)}` });
    expect(await countExecuted(long, long)).toBe(2);
  });
});
