import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSchema, isObjectType } from 'graphql';
import { typePolicies } from './apollo/type-policies.ts';
import { keys, resolvers } from './urql/cache-settings.ts';

const api = path.resolve(import.meta.dirname, '..', '..', 'apps', 'router', 'api.graphql');
const schema = buildSchema(readFileSync(api, 'utf8'));

const types = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));

const PAGING = ['first', 'after', 'last', 'before'];

/** Every list with pages, and the arguments by which one list is not another. */
const connections = types.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => /Connection!?$/.test(String(field.type)))
    .map(({ name, args }) => ({
      place: `${type.name}.${name}`,
      args: args.map((arg) => arg.name).filter((arg) => !PAGING.includes(arg)),
    })),
);

describe('the settings of caches', () => {
  it('have each list with pages of the graph, for Apollo Client', () => {
    const policies = Object.entries(typePolicies).flatMap(([type, { fields = {} }]) =>
      Object.entries(fields).map(([name, policy]) => {
        const keyArgs = typeof policy === 'object' ? policy.keyArgs : undefined;
        return { place: `${type}.${name}`, args: keyArgs === false ? [] : keyArgs };
      }),
    );
    expect(connections.length).toBeGreaterThan(4);
    expect(policies).toEqual(expect.arrayContaining(connections));
    expect(policies).toHaveLength(connections.length);
  });

  it('have each list with pages of the graph, for urql', () => {
    const places = Object.entries(resolvers).flatMap(([type, fields]) =>
      Object.keys(fields).map((name) => `${type}.${name}`),
    );
    expect(places.sort()).toEqual(connections.map(({ place }) => place).sort());
  });

  it('have each type without an id, for urql', () => {
    const roots = ['Query', 'Mutation'];
    const withoutId = types
      .filter((type) => !roots.includes(type.name) && !type.getFields()['id'])
      .map(({ name }) => name);
    expect(Object.keys(keys).sort()).toEqual(withoutId.sort());
  });
});
