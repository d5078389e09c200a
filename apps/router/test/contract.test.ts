import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  buildSchema,
  getNamedType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLUnionType,
} from 'graphql';

const schema = buildSchema(readFileSync(new URL('../api.graphql', import.meta.url), 'utf8'));

const unions = Object.values(schema.getTypeMap()).filter((type): type is GraphQLUnionType =>
  isUnionType(type),
);

const problem = schema.getType('Problem');

describe('the result unions of the graph', () => {
  it.each(unions.map((union) => [union.name, union] as const))(
    '%s has a Problem, so that `... on Problem` is valid on it',
    (_name, union) => {
      if (!isInterfaceType(problem)) throw new Error('there is no interface Problem');
      const isProblem = union.getTypes().filter((type) => schema.isSubType(problem, type));
      expect(isProblem.length).toBeGreaterThan(0);
      // Each other member is a result: problems are called so.
      for (const type of union.getTypes()) {
        expect(type.name.endsWith('Problem')).toBe(isProblem.includes(type));
      }
    },
  );
});

describe('the scalars of the graph', () => {
  const scalars = Object.values(schema.getTypeMap()).filter(
    (type) => isScalarType(type) && !isSpecifiedScalarType(type),
  );

  it('say where their values are specified', () => {
    const urls = scalars.map((type) => ('specifiedByURL' in type ? type.specifiedByURL : null));
    expect(urls.length).toBeGreaterThan(2);
    for (const url of urls) expect(new URL(String(url)).protocol).toBe('https:');
  });
});

describe('the queries of the graph', () => {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});

  it.each(fields.map((field) => [field.name, field] as const))(
    '%s may be null: a subgraph that does not answer leaves the rest',
    (_name, { type }) => expect(isNonNullType(type)).toBe(false),
  );

  it('page every connection from both ends', () => {
    const objects = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
    const connections = objects
      .flatMap((type) => Object.values(type.getFields()))
      .filter(({ type }) => getNamedType(type).name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(3);
    for (const { name: field, args } of connections) {
      expect([field, args.map(({ name }) => name)]).toEqual([
        field,
        expect.arrayContaining(['first', 'after', 'last', 'before']),
      ]);
    }
  });
});
