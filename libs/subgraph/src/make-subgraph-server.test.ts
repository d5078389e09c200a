import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { errorCatalogue, ShopError } from '@cartograph/errors';
import { DEADLINE_HEADER, remainingMs } from '@cartograph/resilience';
import { makeSubgraphCaller, TEST_SECRET } from '@cartograph/testing';
import type { SessionState } from '@cartograph/sessions';
import type { RequestContext } from './request-context.ts';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  scalar DateTime
  type Query {
    shop: String @auth(requires: PUBLIC)
    me: String @auth
    breaks: String @auth(requires: PUBLIC)
    isAway: String @auth(requires: PUBLIC)
    waits: Boolean @auth(requires: PUBLIC)
    echo(at: DateTime!): DateTime @auth(requires: PUBLIC)
    count(from: Int! = 0): Int @auth(requires: PUBLIC)
  }
`;

/** The valid tokens, and the state of their sessions. */
const STATES: Record<string, SessionState> = { good: 'live', ended: 'revoked', lost: 'unknown' };

let subgraph: TestSubgraph;
let isReady = true;
let closed = 0;

beforeAll(async () => {
  subgraph = await openSubgraph(
    TYPES,
    {
      Query: {
        shop: () => 'Cartograph',
        me: (_: unknown, _args: unknown, { viewer }: RequestContext) => viewer?.id,
        breaks: () => {
          throw new Error('password=hunter2');
        },
        isAway: () => {
          throw new ShopError('UNAVAILABLE', undefined, { cause: new Error('hunter2 is away') });
        },
        waits: async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          const left = remainingMs();
          return left === null ? null : left > 0 && left < 5_000;
        },
        count: (_: unknown, { from }: { from: number }) => from,
        echo: (_: unknown, { at }: { at: Date }) => at,
      },
    },
    {
      verifyToken: async (token) =>
        token in STATES
          ? { id: 'ada', role: 'USER', sessionId: token, issuedAt: new Date() }
          : null,
      checkSession: async ({ sessionId }) => STATES[sessionId] ?? 'unknown',
      checks: { database: async () => isReady || Promise.reject(new Error('hunter2')) },
      close: async () => void (closed += 1),
    },
  );
});

beforeEach(() => {
  subgraph.lines.length = 0;
  isReady = true;
});

afterAll(() => subgraph.close());

const send = (query: string, variables?: object, authorization?: string) =>
  makeSubgraphCaller(subgraph.app)(query, variables, authorization);

const post = (body: string, headers: Record<string, string> = {}) =>
  subgraph.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

const sign = makeCallerSigner('router', TEST_SECRET);
const signed = (body: string, audience = 'test') => ({
  [CALLER_HEADER]: sign({ audience, method: 'POST', path: '/graphql', body }),
});

describe('a subgraph', () => {
  it('serves the router', async () => {
    expect(await send('{ shop }')).toMatchObject({ status: 200, data: { shop: 'Cartograph' } });
  });

  it.each([
    ['an unsigned caller', {}],
    ['a caller that claims to be the router', { [CALLER_HEADER]: 'router.1.x.y' }],
    ['the router, for another request', signed('{"query":"{ me }"}')],
    ['the router, for another subgraph', signed('{"query":"{ shop }"}', 'payment')],
  ])('refuses %s, without any schema or data', async (_who, headers) => {
    // With a typing mistake: graphql-js would suggest the name of the field.
    const mistaken = '{ shopp }';
    const schema = ['{ _service { sdl } }', '{ __schema { types { name } } }'];
    for (const query of ['{ shop }', mistaken, ...schema]) {
      const response = await post(JSON.stringify({ query }), headers);
      expect(response.statusCode).toBe(403);
      expect(response.json()).toEqual({
        errors: [
          {
            message: expect.stringContaining('This is one subgraph of the shop.'),
            extensions: { code: 'FORBIDDEN' },
          },
        ],
      });
    }
  });

  it('reads the viewer of a valid token; an invalid token counts as none', async () => {
    for (const known of ['Bearer good', 'bearer  good'])
      expect((await send('{ me }', {}, known)).data).toEqual({ me: 'ada' });
    const notGood = [undefined, 'Bearer bad', 'Bearer ended', 'Basic good', 'good', 'Bearer a b'];
    for (const authorization of notGood) {
      const { data, errors } = await send('{ me shop }', {}, authorization);
      expect(data).toEqual({ me: null, shop: 'Cartograph' });
      expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAUTHENTICATED' } }]);
    }
    const { data, errors } = await send('{ me shop }', {}, 'Bearer lost');
    expect(data).toEqual({ me: null, shop: 'Cartograph' });
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'UNAVAILABLE' } }]);
  });

  it('ignores headers that claim a viewer', async () => {
    const body = JSON.stringify({ query: '{ me }' });
    const spoofed = { 'x-user-id': 'ada', 'x-viewer': '{"id":"ada"}', 'x-role': 'ADMIN' };
    const response = await post(body, { ...signed(body), ...spoofed });
    expect(response.json()).toMatchObject({ data: { me: null } });
  });

  it('logs an unexpected error, and reveals nothing of it to the client', async () => {
    const broken = await send('{ breaks shop }');
    expect(broken.data).toEqual({ breaks: null, shop: 'Cartograph' });
    expect(broken.errors).toMatchObject([
      { message: errorCatalogue.INTERNAL, path: ['breaks'], extensions: { code: 'INTERNAL' } },
    ]);
    const away = await send('{ isAway }');
    expect(away.errors[0]?.extensions).toEqual({ code: 'UNAVAILABLE' });
    expect(JSON.stringify([broken, away])).not.toContain('hunter2');
    const logged = subgraph.lines.filter((line) => line.includes('"level":"error"'));
    expect(logged).toHaveLength(2);
    expect(logged[0]).toContain('hunter2');
  });

  it('returns no inline trace, even when a caller requests it', async () => {
    const body = JSON.stringify({ query: '{ breaks }' });
    const headers = { ...signed(body), 'apollo-federation-include-trace': 'ftv1' };
    const response = await post(body, headers);
    expect(response.json()).not.toHaveProperty('extensions');
  });

  it('reads the scalars of the graph, and refuses other values', async () => {
    const query = 'query ($at: DateTime!) { echo(at: $at) }';
    const at = '2026-01-31T12:00:00.000Z';
    // As https://scalars.graphql.org/andimarek/date-time has them.
    for (const same of [at, '2026-01-31t12:00:00.000z', '2026-01-31T08:30:00.000-03:30']) {
      expect((await send(query, { at: same })).data).toEqual({ echo: at });
    }
    const { errors } = await send(query, { at: 'yesterday' });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['no JSON', '{"query":', 400],
    ['no GraphQL', '{"query":"{"}', 400],
    ['no query', '{}', 400],
    ['a list', '[]', 400],
    ['text', '"{ shop }"', 400],
    ['more than it reads', JSON.stringify({ query: '{ shop }', x: 'x'.repeat(2 ** 20) }), 413],
  ])('refuses a body with %s', async (_what, body, status) => {
    const response = await post(body, signed(body));
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('at ');
  });

  it('refuses a query whose fragments expand too far', async () => {
    const fragments = Array.from(
      { length: 12 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    );
    const query = `{ ...F0 } ${fragments.join(' ')} fragment F12 on Query { shop }`;
    const { data, errors } = await send(query);
    expect(data ?? null).toBeNull();
    expect(errors).not.toEqual([]);
  });

  it('refuses variables of too many fields before anything is executed', async () => {
    const more = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, 1]));
    const { status, errors } = await send('{ shop }', more);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('refuses null for an argument with a default', async () => {
    const answer = await send('query ($n: Int) { count(from: $n) }', { n: null });
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('accepts GraphQL only by POST', async () => {
    const response = await subgraph.app.inject({ method: 'GET', url: '/graphql?query={shop}' });
    expect(response.statusCode).toBe(405);
  });
});

describe('the deadline of a caller', () => {
  it('is known everywhere in the work on its request, and in no other request', async () => {
    const ask = makeSubgraphCaller(subgraph.app);
    const results = await Promise.all([
      ask('{ waits }', {}, undefined, { [DEADLINE_HEADER]: '5000' }),
      ask('{ waits }'),
      ask('{ waits }', {}, undefined, { [DEADLINE_HEADER]: 'nonsense' }),
    ]);
    expect(results.map(({ data }) => data.waits as unknown)).toEqual([true, null, null]);
  });
});

describe('the health of a subgraph', () => {
  it('is public, and reveals no details', async () => {
    expect((await subgraph.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await subgraph.app.inject('/readyz')).json()).toMatchObject({ status: 'ready' });
    isReady = false;
    const response = await subgraph.app.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toEqual({ status: 'not ready' });
    expect(subgraph.lines.join()).toContain('readiness check failed');
    expect((await subgraph.app.inject('/healthz')).statusCode).toBe(200);
  });

  it('ends with the server, which releases its resources once', async () => {
    await subgraph.app.close();
    await subgraph.app.close();
    expect(closed).toBe(1);
  });
});
