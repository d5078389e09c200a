import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_HTTP_LIMITS } from '@cartograph/config';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CALLER_HEADER, makeCallerSigner, makeCallerVerifier } from '@cartograph/auth';
import { defaultLimits } from '@cartograph/operation-limits';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { makeSubgraphServer } from './make-subgraph-server.ts';
import type { RequestContext } from './request-context.ts';

const SCHEMA = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @auth(requires: Access! = USER) on FIELD_DEFINITION | OBJECT
  directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT
  enum Access { PUBLIC USER ADMIN SERVICE }
  type Query {
    lamp: Lamp @auth(requires: PUBLIC)
    basket: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 0)
    broken: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
    favourite: Lamp @auth @cacheControl(maxAge: 60)
    greeting: String @auth(requires: PUBLIC)
  }
  type Mutation {
    light: Lamp @auth(requires: PUBLIC) @cacheControl(maxAge: 60)
  }
  type Lamp @key(fields: "name") @auth(requires: PUBLIC) @cacheControl(maxAge: 60) {
    name: String
    stock: Int @cacheControl(maxAge: 5)
    margin: Int @auth(requires: ADMIN)
    note: String @auth
  }
`;

const lamp = { name: 'Lamp', stock: 7, margin: 40, note: 'for Ada' };

const ROLES: Readonly<Record<string, 'ADMIN' | 'USER'>> = { ada: 'USER', root: 'ADMIN' };

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'subgraph-'));
  const schema = path.join(folder, 'schema.graphql');
  await writeFile(schema, SCHEMA);
  app = await makeSubgraphServer<RequestContext>({
    name: 'test',
    infrastructure: testInfrastructure(),
    schema: pathToFileURL(schema),
    resolvers: {
      Query: {
        lamp: () => lamp,
        basket: () => lamp,
        broken: () => {
          throw new Error('it fell');
        },
        favourite: () => lamp,
        greeting: () => 'hello',
      },
      Mutation: { light: () => lamp },
      Lamp: {
        __resolveReference: () => lamp,
        margin: () => lamp.margin,
        note: () => lamp.note,
      },
    },
    makeContext: (request) => request,
    verifyToken: async (token) => {
      const role = ROLES[token];
      return role ? { id: token, role, sessionId: token, issuedAt: new Date() } : null;
    },
    checkSession: async () => 'live',
    verifyCaller: makeCallerVerifier({ router: TEST_SECRET }),
    httpLimits: DEFAULT_HTTP_LIMITS,
    operationLimits: defaultLimits('subgraph'),
    checks: {},
    close: async () => {},
  });
});

afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const sign = makeCallerSigner('router', TEST_SECRET);

const policyOf = async (query: string, token?: string): Promise<unknown> => {
  const body = JSON.stringify({ query });
  const signature = sign({ audience: 'test', method: 'POST', path: '/graphql', body });
  const { headers } = await app.inject({
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
