import { describe, expect, it } from 'vitest';
import type { Viewer } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { makeLogger } from '@cartograph/logging';
import { parse, type GraphQLResolveInfo } from 'graphql';
import { requireAccess, guardResolvers, readAccessRules, type Access } from './access-rules.ts';
import type { RequestContext } from './request-context.ts';

const rulesOf = (sdl: string) => readAccessRules(parse(sdl));

const requestOf = (
  role: Viewer['role'] | null,
  caller: RequestContext['caller'] = 'router',
): RequestContext => ({
  viewer: role && { id: 'ada', role, sessionId: 's' },
  isViewerUnknown: false,
  isTokenInvalid: false,
  signal: null,
  caller,
  log: makeLogger({ name: 'test', level: 'silent' }),
  client: { device: null, address: null },
});

const unknown: RequestContext = { ...requestOf(null), isViewerUnknown: true };

const refusalOf = (act: () => unknown): string | null => {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof ShopError) return error.code;
    throw error;
  }
};

describe('the rules of a schema', () => {
  it('are read from root fields, entities, and single fields', () => {
    const sdl = `
      type Query { me: User @auth(requires: PUBLIC) all: [User!]! @auth(requires: ADMIN) }
      extend type Mutation { login: User @auth(requires: PUBLIC) }
      type User @key(fields: "id") @auth { id: ID! secret: String @auth(requires: SERVICE) }
      extend type Order @key(fields: "id") @auth(requires: USER) { id: ID! }
      type Money { amount: Int! }
    `;
    expect(rulesOf(sdl)).toEqual([
      { coordinate: 'Query.me', access: 'PUBLIC' },
      { coordinate: 'Query.all', access: 'ADMIN' },
      { coordinate: 'Mutation.login', access: 'PUBLIC' },
      { coordinate: 'User', access: 'USER' },
      { coordinate: 'User.secret', access: 'SERVICE' },
      { coordinate: 'Order', access: 'USER' },
    ]);
  });

  it.each([
    ['a query', 'type Query { me: Int @auth users: Int }', 'Query.users has no @auth rule'],
    ['a mutation', 'type Mutation { pay: Int }', 'Mutation.pay has no @auth rule'],
    ['a query of an extension', 'extend type Query { users: Int }', 'Query.users has no @auth'],
    ['an entity', 'type User @key(fields: "id") { id: ID! }', 'the entity User has no @auth rule'],
    [
      'an entity that says it is one',
      'type User @key(fields: "id", resolvable: true) { id: ID! }',
      'the entity User has no @auth rule',
    ],
    [
      'one of its keys',
      'type User @key(fields: "id", resolvable: false) @key(fields: "email") { id: ID! }',
      'the entity User has no @auth rule',
    ],
  ])('are refused when %s has none', (_what, sdl, message) => {
    expect(() => rulesOf(sdl)).toThrow(message);
  });

  it('are not required for a type that this subgraph only references', () => {
    expect(rulesOf('type Product @key(fields: "id", resolvable: false) { id: ID! }')).toEqual([]);
  });
});

describe('access', () => {
  it.each<[Access, string, RequestContext, string | null]>([
    ['PUBLIC', 'a client that is not signed in', requestOf(null), null],
    ['USER', 'a client that is not signed in', requestOf(null), 'UNAUTHENTICATED'],
    ['USER', 'a customer', requestOf('USER'), null],
    ['USER', 'an administrator', requestOf('ADMIN'), null],
    ['USER', 'a service without a viewer', requestOf(null, 'order'), 'UNAUTHENTICATED'],
    ['ADMIN', 'a client that is not signed in', requestOf(null), 'UNAUTHENTICATED'],
    ['ADMIN', 'a customer', requestOf('USER'), 'FORBIDDEN'],
    ['ADMIN', 'an administrator', requestOf('ADMIN'), null],
    ['ADMIN', 'a service without a viewer', requestOf(null, 'order'), 'UNAUTHENTICATED'],
    ['SERVICE', 'a client that is not signed in', requestOf(null), 'FORBIDDEN'],
    ['SERVICE', 'an administrator', requestOf('ADMIN'), 'FORBIDDEN'],
    ['SERVICE', 'a service without a viewer', requestOf(null, 'order'), null],
    ['PUBLIC', 'a viewer that can not be verified', unknown, null],
    ['USER', 'a viewer that can not be verified', unknown, 'UNAVAILABLE'],
    ['ADMIN', 'a viewer that can not be verified', unknown, 'UNAVAILABLE'],
    ['SERVICE', 'a viewer that can not be verified', unknown, 'FORBIDDEN'],
    ['SERVICE', 'each service', requestOf('ADMIN', 'payment'), null],
  ])('to a field for %s, by %s', (access, _who, request, refusal) => {
    expect(refusalOf(() => requireAccess(access, request))).toBe(refusal);
  });
});

describe('guarded resolvers', () => {
  const sdl = parse(`
    type Query { me: User @auth(requires: USER) shop: String @auth(requires: PUBLIC) }
    type User @key(fields: "id") @auth(requires: ADMIN) { id: ID! name: String }
  `);
  const calls: string[] = [];
  const log =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push(name);
      return args;
    };
  const resolvers = {
    Query: { me: log('me'), shop: log('shop') },
    User: { __resolveReference: log('reference'), name: log('name') },
    Other: { left: 'alone' },
  };
  type Resolver = (...args: unknown[]) => unknown;
  const guarded = guardResolvers(sdl, resolvers) as Record<string, Record<string, Resolver>>;
  const info = {} as GraphQLResolveInfo;

  it('run only after the rule has allowed it', () => {
    calls.length = 0;
    const anonymous = requestOf(null);
    expect(refusalOf(() => guarded['Query']?.['me']?.(null, {}, anonymous, info))).toBe(
      'UNAUTHENTICATED',
    );
    const customer = requestOf('USER');
    const reference = { id: 'x' };
    expect(
      refusalOf(() => guarded['User']?.['__resolveReference']?.(reference, customer, info)),
    ).toBe('FORBIDDEN');
    expect(calls).toEqual([]);
  });

  it('get all their arguments', () => {
    calls.length = 0;
    const customer = requestOf('USER');
    const args = [null, { a: 1 }, customer, info];
    expect(guarded['Query']?.['me']?.(...args)).toEqual(args);
    const admin = requestOf('ADMIN');
    const reference = [{ id: 'x' }, admin, info];
    expect(guarded['User']?.['__resolveReference']?.(...reference)).toEqual(reference);
    expect(calls).toEqual(['me', 'reference']);
  });

  it('leave resolvers without a rule, and their sources, unchanged', () => {
    expect(guarded['User']?.['name']).toBe(resolvers.User.name);
    expect(guarded['Other']).toBe(resolvers.Other);
    expect(guarded['Query']?.['me']).not.toBe(resolvers.Query.me);
    expect(resolvers.Query.me(1)).toEqual([1]);
  });

  it.each([
    ['Query.shop', { ...resolvers, Query: { me: resolvers.Query.me } }],
    ['User.__resolveReference', { ...resolvers, User: { name: resolvers.User.name } }],
    ['Query.me', { User: resolvers.User }],
  ])('are refused without %s, which has a rule', (coordinate, incomplete) => {
    expect(() => guardResolvers(sdl, incomplete)).toThrow(`${coordinate} has no resolver`);
  });
});
