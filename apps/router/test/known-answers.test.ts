import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';
import { makeRandomOperation } from './kit/random-operation.ts';
import { startSimulatedShop, type SimulatedShop } from './kit/simulated-shop.ts';

const RUNS = 300;

const schema = buildSchema(readFileSync(new URL('../api.graphql', import.meta.url), 'utf8'));

let shop: SimulatedShop;
let app: FastifyInstance;
const apollo = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');

beforeAll(async () => {
  shop = await startSimulatedShop({ failing: 40 });
  const limits = { OPERATION_MAX_COST: '5000', OPERATION_MAX_MERGED_FIELDS: '1000' };
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    ...limits,
    ...shop.env,
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

beforeEach(() => {
  apollo.mockClear();
});

afterAll(async () => {
  await app.close();
  shop.close();
});

const send = async (payload: object, headers: Readonly<Record<string, string>> = {}) => {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    // Not from the cache of responses.
    headers: { 'cache-control': 'no-cache', ...headers },
    payload,
  });
  const { date: _date, 'x-request-id': _id, ...rest } = response.headers;
  return { status: response.statusCode, body: response.body, headers: rest };
};

/** Apollo Server answers requests with extensions. */
const sendToApollo = (payload: object, headers?: Readonly<Record<string, string>>) =>
  send({ ...payload, extensions: {} }, headers);

const accepts = fc.constantFrom<Record<string, string>[]>(
  {},
  { accept: '*/*' },
  { accept: 'application/json' },
  { accept: 'application/graphql-response+json' },
  { accept: 'application/graphql-response+json, application/json;q=0.9' },
  { accept: 'text/html' },
);

const variables = fc.oneof(
  fc.record({ yes: fc.boolean(), __no: fc.boolean() }),
  fc.constantFrom<object[]>({}, { yes: null, __no: true }, { yes: 1, __no: 'x' }, []),
);

const names = fc.constantFrom<object[]>(
  {},
  {},
  {},
  { operationName: null },
  { operationName: 'X' },
);

describe('a known operation', () => {
  it('gets the same response as from Apollo Server', async () => {
    let answeredWithout = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), names, variables, accepts, async (seed, name, values, accept) => {
        const query = makeRandomOperation(schema, seed);
        await send({ query, variables: { yes: true, __no: false } }, accept);
        const request = { query, variables: values, ...name };
        const calls = apollo.mock.calls.length;
        const seen = await send(request, accept);
        if (apollo.mock.calls.length === calls) answeredWithout += 1;
        expect({ query, ...seen }).toEqual({ query, ...(await sendToApollo(request, accept)) });
      }),
      { numRuns: RUNS },
    );
    expect(answeredWithout).toBeGreaterThan(10);
  });

  const query = 'query ($id: ID!) { product(id: $id) { id name } }';

  it('is answered without Apollo Server, also with other variables', async () => {
    await send({ query, variables: { id: 'Product:1' } });
    expect(apollo).toHaveBeenCalledTimes(1);
    const { status, headers, body } = await send({ query, variables: { id: 'Product:2' } });
    expect(apollo).toHaveBeenCalledTimes(1);
    expect([status, JSON.parse(body)]).toMatchObject([200, { data: {} }]);
    expect(headers).toMatchObject({
      'cache-control': 'max-age=60, public',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it.each([
    ['an extension', { extensions: {} }, {}],
    ['an id in place of the text', { query: undefined, extensions: { persistedQuery: {} } }, {}],
    ['a variable of another type', { variables: { id: [] } }, {}],
    ['another operation', { operationName: 'Other' }, {}],
    ['more than 16,384 bytes', { variables: { id: '1', unused: 'x'.repeat(16_384) } }, {}],
    ['a new media type', {}, { accept: 'application/json;q=0.7' }],
  ])('is left to Apollo Server with %s', async (_what, more, headers) => {
    await send({ query, variables: { id: '1' } });
    apollo.mockClear();
    await send({ query, variables: { id: '1' }, ...more }, headers);
    expect(apollo).toHaveBeenCalled();
  });

  it('is refused as by Apollo Server when its client accepts pages only', async () => {
    const accept = { accept: 'text/html' };
    await send({ query, variables: { id: '1' } });
    const page = await app.inject({ method: 'GET', url: '/graphql', headers: accept });
    expect(page.headers['content-type']).toContain('text/html');
    const before = shop.requests();
    expect(await send({ query, variables: { id: '1' } }, accept)).toMatchObject({ status: 406 });
    expect(shop.requests()).toBe(before);
  });

  it('shows its plan to a client that asks for it', async () => {
    await send({ query, variables: { id: '1' } });
    const { body } = await send(
      { query, variables: { id: '1' } },
      { 'apollo-query-plan-experimental': '1' },
    );
    expect(body).toContain('QueryPlan');
  });

  it('is executed once when its result has errors', async () => {
    const countRequests = async (payload: object) => {
      const before = shop.requests();
      const { body } = await send(payload);
      return { body, requests: shop.requests() - before };
    };
    let failed = 0;
    for (let seed = 0; failed < 5; seed += 1) {
      const payload = {
        query: makeRandomOperation(schema, seed),
        variables: { yes: true, __no: false },
      };
      const first = await countRequests(payload);
      if (first.body.includes('"errors"') && first.requests > 0) failed += 1;
      expect(await countRequests(payload)).toEqual(first);
    }
  });
});
