import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CALLER_HEADER,
  makeCallerSigner,
  makeCallerVerifier,
  makeRouterVerifier,
  ROUTER_AUTHORIZATION_HEADER,
  type Caller,
} from '@cartograph/auth';
import { leastCpuMs, TEST_SECRET } from '@cartograph/testing';
import type { RequestContext } from './request-context.ts';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  type Query {
    caller: String @auth(requires: PUBLIC)
    client: String @auth(requires: PUBLIC)
    ledger: String @auth(requires: SERVICE)
    all: String @auth(requires: ADMIN)
  }
  type Thing @key(fields: "id") @auth(requires: PUBLIC) { id: ID! }
`;

const ROUTER_SECRET = 'a-secret-that-is-long-enough-to-be-one';
const NEXT_SECRET = 'the-one-that-comes-after-it-is-long-too';

let subgraph: TestSubgraph;

beforeAll(async () => {
  subgraph = await openSubgraph(
    TYPES,
    {
      Query: {
        caller: (_: unknown, _args: unknown, { caller }: RequestContext) => caller,
        client: (_: unknown, _args: unknown, { client }: RequestContext) => client.address,
        ledger: () => 'balanced',
        all: () => 'all',
      },
      Thing: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
    },
    {
      verifyCaller: makeCallerVerifier({ router: TEST_SECRET, order: TEST_SECRET }),
      verifyRouter: makeRouterVerifier([
        { router: 'apollo', secret: ROUTER_SECRET },
        { router: 'apollo', secret: NEXT_SECRET },
      ]),
    },
  );
});

beforeEach(() => {
  subgraph.lines.length = 0;
});

afterAll(() => subgraph.close());

const post = async (query: string, headers: Record<string, string> = {}, url = '/graphql') => {
  const response = await subgraph.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return { status: response.statusCode, text: response.body, body: response.json<Body>() };
};

type Body = {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
};

const signed = (query: string, change: object = {}, caller: Caller = 'router') => ({
  [CALLER_HEADER]: makeCallerSigner(
    caller,
    TEST_SECRET,
  )({
    audience: 'test',
    method: 'POST',
    path: '/graphql',
    body: JSON.stringify({ query }),
    ...change,
  }),
});

const proven = (secret: string) => ({ [ROUTER_AUTHORIZATION_HEADER]: secret });

const QUERY = '{ caller }';

describe('a caller that signs', () => {
  it('is authenticated by its signature', async () => {
    expect((await post(QUERY, signed(QUERY))).body.data).toEqual({ caller: 'router' });
    expect((await post(QUERY, signed(QUERY, {}, 'order'))).body.data).toEqual({ caller: 'order' });
  });

  it.each([
    ['nothing', {}],
    ['the signature of another path', signed(QUERY, { path: '/other' })],
    ['the signature of another method', signed(QUERY, { method: 'GET' })],
    ['the signature of another body', signed('{ other }')],
    ['the signature for another subgraph', signed(QUERY, { audience: 'user' })],
    ['the signature of a caller without a secret here', signed(QUERY, {}, 'payment')],
  ])('is refused for %s', async (_what, headers) => {
    const { status, text } = await post(QUERY, headers);
    expect([status, text.includes('caller')]).toEqual([403, false]);
  });

  it('says who may ask, and where the graph is, to any other client', async () => {
    const { status, body, text } = await post(QUERY);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(text).toMatch(/one subgraph.*the router and peer services only.*X-Router-Authorization/);
    expect(text).toMatch(/router: by default \/graphql on port 4000/);
  });

  it.each(['GET', 'PUT', 'DELETE'] as const)('is refused with 405 for %s', async (method) => {
    const response = await subgraph.app.inject({ method, url: '/graphql', payload: '{' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, 'POST']);
    expect(response.json<Body>().errors?.[0]?.extensions.code).toBe('METHOD_NOT_ALLOWED');
  });

  it('passes on the client only when it is a router', async () => {
    const query = '{ client }';
    const client = { 'x-client-address': '198.51.100.7' };
    const askAs = async (headers: object) =>
      (await post(query, { ...headers, ...client })).body.data?.['client'];
    expect(await askAs(signed(query))).toBe('198.51.100.7');
    expect(await askAs(proven(ROUTER_SECRET))).toBe('198.51.100.7');
    expect(await askAs(signed(query, {}, 'order'))).toBeNull();
    expect((await post(query, client)).status).toBe(403);
  });

  it('can not reuse a signature', async () => {
    const headers = signed(QUERY);
    expect((await post(QUERY, headers)).status).toBe(200);
    expect((await post(QUERY, headers)).status).toBe(403);
  });

  it.each(['/graphql?x', '/graphql?query=%7Bcaller%7D', '/%67raphql', '/graphql;x'])(
    'can not be left out by writing the path as %s',
    async (url) => {
      for (const headers of [{}, signed(QUERY), proven('x')]) {
        const { status, text } = await post(QUERY, headers, url);
        expect(status === 403 || status === 404).toBe(true);
        expect(text).not.toContain('caller');
      }
    },
  );

  it('may sign a path with a query', async () => {
    const url = '/graphql?x';
    const { body } = await post(QUERY, signed(QUERY, { path: url }), url);
    expect(body.data).toEqual({ caller: 'router' });
  });
});

describe('a router that can not sign', () => {
  it('is the router with its current or its next secret', async () => {
    for (const secret of [ROUTER_SECRET, NEXT_SECRET]) {
      expect((await post(QUERY, proven(secret))).body.data).toEqual({ caller: 'router' });
    }
  });

  it('is refused with another secret, and no secret is logged', async () => {
    const wrong = `wrong-${randomUUID()}`;
    for (const secret of ['', ' ', wrong, ROUTER_SECRET.slice(1), `apollo:${ROUTER_SECRET}`]) {
      expect((await post(QUERY, proven(secret))).status).toBe(403);
    }
    await post(QUERY, proven(ROUTER_SECRET));
    expect(subgraph.lines.join()).toContain('caller refused');
    for (const secret of [wrong, ROUTER_SECRET])
      expect(subgraph.lines.join()).not.toContain(secret);
  });

  it('has its body parsed only when it is authenticated', async () => {
    const body = '{"query":';
    const post = (headers: object) =>
      subgraph.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
    expect((await post({})).statusCode).toBe(403);
    expect((await post({ [ROUTER_AUTHORIZATION_HEADER]: ROUTER_SECRET })).statusCode).toBe(400);
  });

  it('is refused before its body of very many names is parsed, under 50 ms of CPU', async () => {
    const names = Array.from({ length: 80_000 }, (_, n) => `"${n.toString(36)}":1`).join();
    const send = async () => {
      const { statusCode } = await subgraph.app.inject({
        method: 'POST',
        url: '/graphql',
        headers: {
          'content-type': 'application/json',
          [ROUTER_AUTHORIZATION_HEADER]: ROUTER_SECRET,
        },
        body: `{"query":"{ caller }","variables":{${names}}}`,
      });
      expect(statusCode).toBe(413);
    };
    expect(await leastCpuMs(send, 50)).toBeLessThan(50);
  });

  it('gets no data that is for services or administrators only', async () => {
    const { body } = await post('{ ledger all caller }', proven(ROUTER_SECRET));
    expect(body.data).toEqual({ ledger: null, all: null, caller: 'router' });
    const codes = body.errors?.map(({ extensions }) => extensions.code).sort();
    expect(codes).toEqual(['FORBIDDEN', 'UNAUTHENTICATED']);
    const service = await post('{ ledger }', signed('{ ledger }', {}, 'order'));
    expect(service.body.data).toEqual({ ledger: 'balanced' });
  });

  it('does not become a service by claiming to be one', async () => {
    const headers = { ...proven(ROUTER_SECRET), [CALLER_HEADER]: 'order.1.x.y' };
    const { body } = await post('{ ledger caller }', headers);
    expect(body.data).toEqual({ ledger: null, caller: 'router' });
  });

  it.each([
    { 'content-type': 'application/json', accept: 'application/json' },
    { 'content-type': 'application/json; charset=utf-8', accept: '*/*' },
    {
      accept: 'application/json,application/graphql-response+json',
      'apollo-require-preflight': 'true',
      'user-agent': 'rover',
    },
  ])('reads the schema and entities as Apollo Router and rover do: %j', async (headers) => {
    const sdl = await post('{ _service { sdl } }', { ...proven(ROUTER_SECRET), ...headers });
    expect([sdl.status, sdl.text.includes('type Query')]).toEqual([200, true]);
    const entities = await post(
      '{ _entities(representations: [{ __typename: "Thing", id: "1" }]) { ... on Thing { id } } }',
      { ...proven(ROUTER_SECRET), ...headers },
    );
    expect(entities.body).toEqual({ data: { _entities: [{ id: '1' }] } });
  });
});
