import { ApolloServer } from '@apollo/server';
import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { TEST_SECRET } from '@cartograph/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  scalar DateTime
  type Query {
    lamp(id: Int = 1, at: DateTime): Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
    lamps(first: Int! = 2): [Lamp!] @auth(requires: PUBLIC) @listSize(slicingArguments: ["first"])
    results: [Result]! @auth(requires: PUBLIC)
    me: String @auth
    admin: String! @auth(requires: ADMIN)
    broken: Lamp! @auth(requires: PUBLIC)
    away: String @auth(requires: PUBLIC)
  }
  type Mutation { light(id: Int!): Result @auth(requires: PUBLIC) }
  union Result = Lamp | OutOfStockProblem
  interface Problem { code: String! }
  type OutOfStockProblem implements Problem { code: String! left: Int }
  type Lamp @key(fields: "id") @auth(requires: PUBLIC) {
    id: ID!
    name: String! @cacheControl(maxAge: 5)
    madeAt: DateTime
    unnamed: String!
    misread: Int
    related: [Lamp]
  }
`;

let resolved = 0;
let contexts = 0;
let subgraph: TestSubgraph;
const apollo = vi.spyOn(ApolloServer.prototype, 'executeHTTPGraphQLRequest');

const lamp = (id: unknown) => ({ __typename: 'Lamp', id, name: `lamp ${String(id)}` });

beforeAll(async () => {
  subgraph = await openSubgraph(
    TYPES,
    {
      Query: {
        lamp: async (_: unknown, { id }: { id: number | null }) => {
          resolved += 1;
          return id === 0 ? null : lamp(id);
        },
        lamps: (_: unknown, { first }: { first: number }) =>
          Array.from({ length: first }, (_item, id) => lamp(id)),
        results: () => [lamp(1), { __typename: 'OutOfStockProblem', code: 'OUT_OF_STOCK' }, null],
        me: () => 'ada',
        admin: () => 'root',
        broken: async () => Promise.reject(new Error('it fell')),
        away: () => {
          throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 2 });
        },
      },
      Mutation: {
        light: (_: unknown, { id }: { id: number }) => {
          resolved += 1;
          if (id < 0) throw new ShopError('BAD_USER_INPUT', 'id must be 0 or more');
          return lamp(id);
        },
      },
      Lamp: {
        __resolveReference: ({ id }: { id: string }) => (id === '0' ? null : lamp(id)),
        madeAt: ({ id }: { id: unknown }) => (id === 2 ? 'never' : new Date(0)),
        misread: () => 'many',
        related: async ({ id }: { id: unknown }) => [
          lamp(7),
          null,
          ...(id === 2 ? [new Error()] : []),
        ],
      },
    },
    {
      makeContext: (request) => {
        contexts += 1;
        return request;
      },
      verifyToken: async (token) => ({
        id: token,
        role: token === 'root' ? 'ADMIN' : 'USER',
        sessionId: '1',
        issuedAt: new Date(),
      }),
    },
  );
});

beforeEach(() => {
  resolved = 0;
  contexts = 0;
  apollo.mockClear();
});

afterAll(() => subgraph.close());

/** Sends a body; with `accept`, Apollo Server answers it. */
const send = async (sent: object, headers: Readonly<Record<string, string>> = {}) => {
  const body = JSON.stringify(sent);
  const signature = makeCallerSigner(
    'router',
    TEST_SECRET,
  )({
    audience: 'test',
    method: 'POST',
    path: '/graphql',
    body,
  });
  const response = await subgraph.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', [CALLER_HEADER]: signature, ...headers },
    body,
  });
  const { date: _date, 'x-request-id': _id, ...rest } = response.headers;
  return { status: response.statusCode, body: response.body, headers: rest };
};

const ACCEPT = { accept: 'application/json' };

/** Selections of a Lamp; some of them fail. */
const lampFields = fc
  .uniqueArray(
    fc.constantFrom(
      'id',
      'name',
      'n: name',
      '__typename',
      'madeAt',
      'unnamed',
      'misread',
      'related { id name }',
      'related { misread }',
      '... on Lamp { id name }',
      '...F',
      'id @skip(if: $no)',
      '... @include(if: $no) { madeAt }',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((fields) => `{ ${fields.join(' ')} }`);

const rootField = fc.oneof(
  { weight: 4, arbitrary: lampFields.map((set) => `lamp(id: $id) ${set}`) },
  { weight: 2, arbitrary: lampFields.map((set) => `lamps(first: 3) ${set}`) },
  lampFields.map((set) => `results { ... on Lamp ${set} ... on Problem { code } }`),
  lampFields.map((set) => `_entities(representations: $entities) { ... on Lamp ${set} }`),
  fc.constantFrom('me', 'admin', 'away', 'broken { id }', '_service { sdl }', '__typename'),
  fc.constantFrom('light', 'lamp(at: "yesterday") { id }', '__schema { queryType { name } }'),
);

const HEAD = '($id: Int = 1, $entities: [_Any!]! = [], $no: Boolean! = false)';

const request = fc.record({
  query: fc
    .tuple(
      fc.constantFrom('query Q', 'query', 'query R'),
      fc.array(rootField, { minLength: 1, maxLength: 3 }),
    )
    .map(([kind, fields]) => {
      const named = fields.map((field, index) => `f${index}: ${field}`).join(' ');
      const fragment = named.includes('...F') ? ' fragment F on Lamp { id madeAt }' : '';
      return `${kind} ${HEAD} { used: lamps @skip(if: $no) { id } u: lamp(id: $id) { id } ${named} e: _entities(representations: $entities) { __typename } }${fragment}`;
    }),
  operationName: fc.constantFrom<(string | null)[]>(null, null, null, 'Q', 'Other'),
  variables: fc.oneof(
    fc.constantFrom<(object | null)[]>(null, {}, { id: 1 }, { id: 0 }, { id: null }, { no: true }),
    fc.constantFrom<object[]>({ id: 'x' }, { no: null }, { id: 2 ** 40 }, { entities: [1] }, []),
    fc.constantFrom(0, 1, 30).map((count) => ({
      entities: Array.from({ length: count }, (_, id) => ({ __typename: 'Lamp', id: `${id}` })),
    })),
  ),
});

const authorization = fc.constantFrom<Record<string, string>[]>(
  {},
  { authorization: 'Bearer ada' },
  { authorization: 'Bearer root' },
);

describe('an operation that is known', () => {
  it('gets the same response as from Apollo Server', async () => {
    let answeredWithout = 0;
    await fc.assert(
      fc.asyncProperty(request, authorization, async (sent, headers) => {
        const expected = await send(sent, { ...headers, ...ACCEPT });
        const calls = apollo.mock.calls.length;
        expect(await send(sent, headers)).toEqual(expected);
        if (apollo.mock.calls.length === calls) answeredWithout += 1;
      }),
      { numRuns: 300 },
    );
    expect(answeredWithout).toBeGreaterThan(10);
  });

  it('is answered without Apollo Server, also with other variables', async () => {
    const query = 'query ($id: Int) { lamp(id: $id) { name } }';
    await send({ query });
    expect(apollo).toHaveBeenCalledTimes(1);
    const { headers, body } = await send({ query, variables: { id: 5 } });
    expect(body).toBe('{"data":{"lamp":{"name":"lamp 5"}}}\n');
    expect(headers).toMatchObject({ 'cache-control': 'max-age=5, public' });
    expect(apollo).toHaveBeenCalledTimes(1);
    expect(contexts).toBe(2);
  });

  it.each([
    ['without errors', 1, '{"data":{"light":{"__typename":"Lamp"}}}\n'],
    ['with errors', -1, expect.stringContaining('id must be 0 or more')],
  ])('is executed once, %s', async (_what, id, expected) => {
    const query = 'mutation ($id: Int!) { light(id: $id) { __typename } }';
    await send({ query, variables: { id: 2 } });
    resolved = 0;
    contexts = 0;
    const { status, body } = await send({ query, variables: { id } });
    expect([status, body]).toEqual([200, expected]);
    expect({ resolved, contexts }).toEqual({ resolved: 1, contexts: 1 });
  });

  it.each([
    ['an extension', { extensions: {} }, {}],
    ['a variable of another type', { variables: { id: 'x' } }, {}],
    ['variables in a list', { variables: [] }, {}],
    ['another operation', { operationName: 'Other' }, {}],
    ['more than 16,384 bytes', { variables: { unused: 'x'.repeat(16_384) } }, {}],
    ['a media type', {}, { accept: 'application/graphql-response+json' }],
  ])('is left to Apollo Server with %s', async (_what, more, headers) => {
    const query = 'query ($id: Int) { lamp(id: $id) { id } }';
    await send({ query });
    apollo.mockClear();
    await send({ query, ...more }, headers);
    expect(apollo).toHaveBeenCalledTimes(1);
  });
});
