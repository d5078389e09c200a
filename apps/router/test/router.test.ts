import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTelemetry, type Telemetry } from '@cartograph/telemetry';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { buildSchema, getIntrospectionQuery, graphqlSync } from 'graphql';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

/** Port 1 is reserved: no server listens on it. */
const NOWHERE = 'http://127.0.0.1:1/graphql';

const BAD_ARGUMENT = {
  message: 'filter.minPrice: must be 0 or more',
  path: ['products'],
  extensions: {
    code: 'BAD_USER_INPUT',
    argument: 'filter.minPrice',
    fault: 'must be 0 or more',
    stacktrace: ['internal'],
  },
};

let catalogue: Server;
let app: FastifyInstance;

beforeAll(async () => {
  catalogue = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify(
          body.includes('products')
            ? { data: null, errors: [BAD_ARGUMENT] }
            : { data: { product: { sku: 'LAMP' } } },
        ),
      );
    })();
  }).listen(0, '127.0.0.1');
  await once(catalogue, 'listening');
  const { port } = catalogue.address() as AddressInfo;
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    USER_URL: NOWHERE,
    PRODUCT_URL: `http://127.0.0.1:${port}/graphql`,
    ORDER_URL: NOWHERE,
    PAYMENT_URL: NOWHERE,
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  catalogue.close();
});

const EVERYTHING = {
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
};

/** The names in a result of introspection, in any order. */
const namesIn = (result: unknown): readonly string[] =>
  [...JSON.stringify(result).matchAll(/"name":"(\w+)"/g)].map(([, name = '']) => name).sort();

const ask = async (query: string) => {
  const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query } });
  return { status: response.statusCode, body: response.json(), raw: response.body };
};

describe('the router with subgraphs down', () => {
  it('is ready', async () => {
    expect((await app.inject('/readyz')).statusCode).toBe(200);
  });

  it('answers with what the others know, and says what is missing and no more', async () => {
    const { body, raw } = await ask('{ product(sku: "LAMP") { sku } me { id } }');
    expect(body.data).toEqual({ product: { sku: 'LAMP' }, me: null });
    expect(body.errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAVAILABLE' } }]);
    expect(raw).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|user|stack/i);
  });
});

describe('the router', () => {
  it('returns which argument a subgraph refused, and nothing internal', async () => {
    const { body } = await ask('{ products(filter: { minPrice: -1 }) { nodes { id } } }');
    const { stacktrace: _stacktrace, ...extensions } = BAD_ARGUMENT.extensions;
    expect(body.errors).toEqual([
      expect.objectContaining({ message: BAD_ARGUMENT.message, extensions }),
    ]);
  });

  it.each([
    ['as the tools of clients send it', getIntrospectionQuery()],
    ['with every option', getIntrospectionQuery({ ...EVERYTHING, oneOf: true })],
    [
      'of introspection itself',
      `query Own($name: String!) { kind: __typename ...Types }
       fragment Types on Query { __type(name: $name) { fields { name } isOneOf } }`,
    ],
  ])('answers introspection %s', async (_how, query) => {
    const variables = query.includes('$name') ? { name: '__Type' } : {};
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query, variables },
    });
    const { data, errors } = response.json<{ data: unknown; errors?: unknown }>();
    expect([response.statusCode, errors]).toEqual([200, undefined]);
    const api = buildSchema(readFileSync(new URL('../api.graphql', import.meta.url), 'utf8'));
    const expected = graphqlSync({ schema: api, source: query, variableValues: variables });
    expect(namesIn(data)).toEqual(namesIn(expected.data));
  });

  it('says by introspection where the values of a scalar are specified', async () => {
    const { body } = await ask('{ __type(name: "DateTime") { specifiedByURL } }');
    const specifiedByURL = 'https://scalars.graphql.org/andimarek/date-time';
    expect(body.data).toEqual({ __type: { specifiedByURL } });
  });

  it('refuses fragments that unfold without end', async () => {
    const fragments = Array.from(
      { length: 18 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
    );
    const { status } = await ask(
      `{ ...f0 } ${fragments.join(' ')} fragment f18 on Query { __typename }`,
    );
    expect(status).toBe(400);
  });

  it('does not show what is for services only', async () => {
    const { body } = await ask('{ __schema { mutationType { fields { name } } } }');
    const names = body.data.__schema.mutationType.fields.map(({ name }: { name: string }) => name);
    expect(names).toContain('createOrder');
    expect(names).not.toContain('reserveStock');
    expect(names).not.toContain('createPaymentIntent');
  });

  it('leads browsers without internet to GraphiQL', async () => {
    const browser = { accept: 'text/html' };
    const home = await app.inject({ url: '/', headers: browser });
    expect([home.statusCode, home.headers.location]).toEqual([302, '/graphiql']);
    const sandbox = await app.inject({ url: '/graphql', headers: browser });
    const [, nonce] = /style-src 'nonce-(\w+)'/.exec(sandbox.body) ?? [];
    expect(sandbox.body).toContain('<a href="/graphiql">');
    expect(sandbox.body).toContain(`<style nonce=${nonce}>#embeddableSandbox:empty`);
  });

  it('has neither introspection nor pages in production', async () => {
    const config = readConfig({ NODE_ENV: 'production', ROUTER_SECRET: TEST_SECRET });
    const production = await makeServer({ config, ...testInfrastructure() });
    const introspection = await production.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query: '{ __schema { queryType { name } } }' },
    });
    expect(introspection.statusCode).toBe(400);
    expect((await production.inject('/graphiql')).statusCode).toBe(404);
    await production.close();
  });
});

describe('the errors of a request', () => {
  const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
  let telemetry: Telemetry;

  beforeAll(async () => {
    telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
  });
  afterAll(() => telemetry.stop());

  it.each([
    ['that does not fit the schema', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['whose subgraph does not answer', { query: '{ me { id } }' }, 'UNAVAILABLE'],
    ['without an operation', {}, 'BAD_REQUEST'],
    ['that is not JSON', '{', 'MALFORMED_REQUEST'],
  ])('%s name its trace', async (_what, payload, code) => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: {
        'content-type': 'application/json',
        traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
      },
      payload,
    });
    const extensions = { code, trace_id: TRACE_ID };
    expect(response.json()).toMatchObject({ errors: [{ extensions }] });
  });
});

describe('pages of other origins', () => {
  const preflight = async (env: Record<string, string>) => {
    const config = readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, ...env });
    const router = await makeServer({ config, ...testInfrastructure() });
    const response = await router.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    await router.close();
    return response.headers['access-control-allow-origin'];
  };

  it('may call in development, and in production when they are named', async () => {
    expect(await preflight({})).toBe('*');
    const production = { NODE_ENV: 'production' };
    expect(await preflight(production)).toBeUndefined();
    expect(await preflight({ ...production, CORS_ORIGINS: 'https://shop.example' })).toBe(
      'https://shop.example',
    );
    await expect(preflight({ ...production, CORS_ORIGINS: '*' })).rejects.toThrow(/CORS_ORIGINS/);
  });
});
