import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  leastCpuMs,
  HOSTILE_OPERATIONS,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { getIntrospectionQuery, Kind, parse, print, type DocumentNode } from 'graphql';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

let subgraph: Server;
let asked = 0;
let app: FastifyInstance;
let production: FastifyInstance;

beforeAll(async () => {
  subgraph = createServer((request, response) => {
    asked += 1;
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: { product: { sku: 'LAMP' } } }));
    });
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const url = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
  const urls = { USER_URL: url, PRODUCT_URL: url, ORDER_URL: url, PAYMENT_URL: url };
  const start = (env: object) =>
    makeServer({
      config: readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, ...urls, ...env }),
      ...testInfrastructure(),
    });
  app = await start({});
  production = await start({ NODE_ENV: 'production' });
});

afterAll(async () => {
  await app.close();
  await production.close();
  subgraph.close();
});

const post = (payload: object, server = app) =>
  server.inject({ method: 'POST', url: '/graphql', payload });

const expectRefusal = (response: LightMyRequestResponse, code: string, message?: RegExp) => {
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(response.json()).not.toHaveProperty('data');
  expect(response.json<{ errors: unknown[] }>().errors).toHaveLength(1);
  if (message) expect(response.json<{ errors: [Error] }>().errors[0].message).toMatch(message);
};

describe.each(HOSTILE_OPERATIONS)(
  'the router, asked for $what',
  ({ query, variables, code, message }) => {
    it('refuses with a typed error, under 50 ms of CPU, and asks no subgraph', async () => {
      const before = asked;
      const request = { query, ...(variables && { variables }) };
      for (const server of [app, production]) {
        const response = await post(request, server);
        // A body of very many values is refused before it is read as JSON, let alone as GraphQL.
        if (response.statusCode !== 413) expectRefusal(response, code, message);
      }
      expect(await leastCpuMs(() => post(request), 50)).toBeLessThan(50);
      expect(asked).toBe(before);
    });
  },
);

const ONE = '{ product(sku: "LAMP") { sku } }';

describe('the limits of the router', () => {
  it('hold for persisted queries: what is refused is not kept', async () => {
    const query = `{ ${'__typename '.repeat(500)} }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (let round = 0; round < 2; round += 1) {
      expectRefusal(await post({ query, extensions }), 'OPERATION_TOO_LARGE', /response path/);
      expectRefusal(await post({ query }), 'OPERATION_TOO_LARGE', /response path/);
    }
    const { errors } = (await post({ extensions })).json<{ errors: unknown[] }>();
    expect(errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  });

  it('measure the cost of each request, though its document is known', async () => {
    const query = `query ($n: Int) { ${repeat(40, (n) => `p${n}: products(first: $n) { nodes { price { amount } } edges { node { sku } } }`)} }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    expect((await post({ query, variables: { n: 1 }, extensions })).statusCode).toBe(200);
    const dear = { variables: { n: 200 } };
    expectRefusal(await post({ query, ...dear }), 'OPERATION_TOO_EXPENSIVE');
    expectRefusal(await post({ extensions, ...dear }), 'OPERATION_TOO_EXPENSIVE', /costs 16040/);
  });

  it('hold for GET', async () => {
    const get = (query: string) =>
      app.inject({
        url: `/graphql?query=${encodeURIComponent(query)}`,
        headers: { 'apollo-require-preflight': 'yes' },
      });
    expectRefusal(await get(`{ ${'__typename '.repeat(500)} }`), 'OPERATION_TOO_LARGE');
    expectRefusal(await get(`{ a #${'x'.repeat(100_000)}\n }`), 'OPERATION_TOO_LARGE', /bytes/);
    expect((await get(ONE)).json()).toEqual({ data: { product: { sku: 'LAMP' } } });
  });

  it('hold for a body that is one value in another to the last byte', async () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    const payload = `{"query":"{ __typename }","variables":{"x":${deep}}}`;
    const headers = { 'content-type': 'application/json' };
    const send = () => app.inject({ method: 'POST', url: '/graphql', headers, payload });
    // Counted before it is read as JSON.
    expect((await send()).statusCode).toBe(413);
  });

  it('leave room for what is no part of the operation', async () => {
    const response = await post({ query: ONE, extensions: { x: Array(2_000).fill([{}]) } });
    expect(response.json()).toEqual({ data: { product: { sku: 'LAMP' } } });
  });

  it('leave no way around them by several operations at once', async () => {
    const response = await post(Array(10).fill({ query: ONE }));
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it('count bytes of the text, not characters', async () => {
    const hash = '#'.repeat(30_000);
    expect((await post({ query: `${ONE} ${hash}` })).statusCode).toBe(200);
    const query = `${ONE} #${'가'.repeat(30_000)}`;
    expectRefusal(await post({ query }), 'OPERATION_TOO_LARGE', /than 65536 bytes/);
  });

  it('name the limit that stopped the parser', async () => {
    const tokens = `{ product(sku: [${'1 '.repeat(3_000)}]) { sku } }`;
    expectRefusal(await post({ query: tokens }), 'OPERATION_TOO_LARGE', /than 3000 tokens/);
    expectRefusal(await post({ query: '{ product(' }), 'GRAPHQL_PARSE_FAILED');
  });

  it('are set by the environment, and hold before validation also when the parser allows more', async () => {
    const config = readConfig({
      NODE_ENV: 'test',
      ROUTER_SECRET: TEST_SECRET,
      OPERATION_MAX_BYTES: '1000000',
      OPERATION_MAX_TOKENS: '100000',
      OPERATION_MAX_COST: '1',
    });
    const router = await makeServer({ config, ...testInfrastructure() });
    try {
      expectRefusal(
        await post({ query: '{ me { id } a: me { id } }' }, router),
        'OPERATION_TOO_EXPENSIVE',
      );
      // To validate this takes seconds.
      const query = `{ ${'__typename '.repeat(20_000)} }`;
      expectRefusal(await post({ query }, router), 'OPERATION_TOO_LARGE', /selections/);
      expect(await leastCpuMs(() => post({ query }, router), 500)).toBeLessThan(500);
      const deep = { query: '{a'.repeat(40_000) };
      expectRefusal(await post(deep, router), 'OPERATION_TOO_LARGE', /levels/);
    } finally {
      await router.close();
    }
  });

  it('report some of the errors of a query that does not fit the schema, not all', async () => {
    const query = `{ ${repeat(900, (n) => `productss${n}`)} }`;
    const { errors } = (await post({ query })).json<{ errors: unknown[] }>();
    expect(errors).toHaveLength(21);
  });
});

describe('operations of clients', () => {
  const folder = new URL('../../rest/operations/', import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const { definitions } = parse(texts.join('\n'));

  /** An operation with the fragments that it needs, as codegen sends it. */
  const withFragments = (operation: (typeof definitions)[number]): DocumentNode => {
    const needed = new Set<unknown>([operation]);
    for (const definition of needed) {
      for (const [, name] of print(definition as typeof operation).matchAll(/\.\.\.(\w+)/g)) {
        const found = definitions.find(
          (other) => other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === name,
        );
        if (found) needed.add(found);
      }
    }
    return { kind: Kind.DOCUMENT, definitions: [...needed] as typeof definitions };
  };

  const committed = definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => [operation.name?.value ?? '', print(withFragments(operation))] as const);

  it.each(committed)('of REST fit: %s', async (_name, query) => {
    const { errors = [] } = (await post({ query, variables: { first: 100, id: 'x' } })).json<{
      errors?: { message: string; extensions: { code: string } }[];
    }>();
    // Answered by the fake subgraph, or refused for the variables that are missing here.
    for (const { extensions } of errors)
      expect(extensions.code).not.toMatch(/^OPERATION_|GRAPHQL_/);
  });

  it('of tools that read the whole schema fit', async () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
    });
    expect((await post({ query })).json()).not.toHaveProperty('errors');
  });

  const PRODUCT = 'id sku name description price { amount currency } stock category imageUrl';
  it.each([
    [
      'a page of products',
      `{ products(first: 100) { edges { cursor node { ${PRODUCT} } } nodes { ${PRODUCT} } totalCount totalCountExceeded pageInfo { endCursor } } }`,
    ],
    [
      'my orders',
      `{ me { orders(first: 20) { nodes { number items { name product { ${PRODUCT} } } payments { status amount { amount } refunds { status } } history { at type } } } } }`,
    ],
    [
      'many of my orders',
      `{ me { orders(first: 100) { nodes { number items { name product { name price { amount } } } payments { status } } } } }`,
    ],
    [
      'a dashboard',
      `{ ${repeat(20, (n) => `c${n}: products(first: 5, filter: { category: "c${n}" }) { nodes { ${PRODUCT} } }`)} }`,
    ],
  ])('that are large but sensible fit: %s', async (_what, query) => {
    const response = await post({ query });
    expect(response.statusCode).toBe(200);
  });
});
