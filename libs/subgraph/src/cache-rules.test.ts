import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';
import { openSubgraph, type TestSubgraph } from '../test/open-subgraph.ts';

const TYPES = `
  directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  type Query {
    lamp: Lamp @auth(requires: PUBLIC)
    basket: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 0)
    broken: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
    favourite: Lamp @auth @cacheControl(maxAge: 60)
    greeting: String @auth(requires: PUBLIC)
    shelf: Shelf @auth(requires: PUBLIC) @cacheControl(maxAge: 30)
    things: [Thing] @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
  }
  interface Thing { name: String }
  type Shelf { lamps: [Lamp] size: Size inner: Shelf @cacheControl(inheritMaxAge: true) }
  type Size @cacheControl(inheritMaxAge: true) { width: Int }
  type Secret @key(fields: "name") @auth(requires: ADMIN) @cacheControl(maxAge: 60) { name: String }

  type Mutation {
    light: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
  }
  type Lamp implements Thing @key(fields: "name") @auth(requires: PUBLIC) @cacheControl(maxAge: 60) {
    name: String
    stock: Int @cacheControl(maxAge: 5)
    margin: Int @auth(requires: ADMIN)
    note: String @auth
  }
`;

const lamp = { name: 'Lamp', stock: 7, margin: 40, note: 'for Ada' };

const ROLES: Readonly<Record<string, 'ADMIN' | 'USER'>> = { ada: 'USER', root: 'ADMIN' };

let subgraph: TestSubgraph;

beforeAll(async () => {
  subgraph = await openSubgraph(
    TYPES,
    {
      Query: {
        lamp: () => lamp,
        basket: () => lamp,
        broken: () => {
          throw new Error('it fell');
        },
        favourite: () => lamp,
        greeting: () => 'hello',
        shelf: () => ({ lamps: [], size: { width: 1 }, inner: { size: null } }),
        things: () => [],
      },
      Mutation: { light: () => lamp },
      Thing: { __resolveType: () => 'Lamp' },
      Secret: { __resolveReference: () => null },
      Lamp: {
        __resolveReference: () => lamp,
        margin: () => lamp.margin,
        note: () => lamp.note,
      },
    },
    {
      verifyToken: async (token) => {
        const role = ROLES[token];
        return role ? { id: token, role, sessionId: token, issuedAt: new Date() } : null;
      },
    },
  );
});

afterAll(() => subgraph.close());

const sign = makeCallerSigner('router', TEST_SECRET);

const policyOf = async (query: string, token?: string): Promise<unknown> => {
  const body = JSON.stringify({ query });
  const signature = sign({ audience: 'test', method: 'POST', path: '/graphql', body });
  const { headers } = await subgraph.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: {
      'content-type': 'application/json',
      [CALLER_HEADER]: signature,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body,
  });
  return headers['cache-control'];
};

describe('the cache policy of a response', () => {
  it.each([
    ['{ lamp { name } }', 'max-age=60, public'],
    ['{ lamp { name stock } }', 'max-age=5, public'],
    ['{ _entities(representations: []) { __typename } }', 'no-store'],
    [
      '{ _entities(representations: [{ __typename: "Lamp", name: "Lamp" }]) { ... on Lamp { stock } } }',
      'max-age=5, public',
    ],
    ['{ lamp { name } basket { name } }', 'no-store'],
    ['{ lamp { name } greeting }', 'no-store'],
    ['{ lamp { name } broken { name } }', 'no-store'],
    ['{ nothing }', 'no-store'],
    ['{ __schema { queryType { name } } }', 'no-store'],
    ['{ shelf { size { width } } }', 'max-age=30, public'],
    ['{ shelf { inner { inner { size { width } } } } }', 'max-age=30, public'],
    ['{ shelf { lamps { stock } } }', 'max-age=5, public'],
    [
      '{ ...Shelf } fragment Shelf on Query { shelf { lamps { ...S } } } fragment S on Lamp { stock }',
      'max-age=5, public',
    ],
    ['{ things { ... on Lamp { name stock } } }', 'max-age=5, public'],
    ['{ things { name ... on Lamp { note } } }', 'no-store'],
    [
      '{ _entities(representations: [{ __typename: "Secret", name: "x" }]) { ... on Secret { name } } }',
      'no-store',
    ],
    ['mutation { light { name } }', 'no-store'],
  ])('for %s is %s', async (query, policy) => {
    expect(await policyOf(query)).toBe(policy);
  });

  it('allows caching when every field is public, signed in or not', async () => {
    expect(await policyOf('{ lamp { stock } }', 'ada')).toBe('max-age=5, public');
    expect(await policyOf('{ lamp { stock } }', 'anonymous')).toBe('max-age=5, public');
  });

  it('is private when one field is not public, with and without a hint', async () => {
    expect(await policyOf('{ lamp { name note } }', 'ada')).toBe('no-store');
    expect(await policyOf('{ favourite { name } }', 'ada')).toBe('no-store');
    expect(await policyOf('{ lamp { name margin } }', 'root')).toBe('no-store');
  });

  it('is never cached for an administrator, who may see more', async () => {
    expect(await policyOf('{ lamp { name } }', 'root')).toBe('no-store');
  });
});
