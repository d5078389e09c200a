import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCostRules, type CostRules } from '@cartograph/operation-limits';
import { Kind, parse, type DocumentNode, type TypeNode } from 'graphql';

const root = path.resolve(import.meta.dirname, '..', '..');

const schemas = globSync('apps/*/schema.graphql', { cwd: root }).map(
  (file) => [file, parse(readFileSync(path.join(root, file), 'utf8'))] as const,
);

const supergraph = parse(readFileSync(path.join(root, 'apps/router/supergraph.graphql'), 'utf8'));

const nameIn = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : nameIn(type.type);

const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));

const typesIn = ({ definitions }: DocumentNode) =>
  definitions.filter(
    (definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );

/** The fields that return lists of objects and of whose length nothing is said. */
const unsized = (document: DocumentNode, { listSizes }: CostRules): string[] => {
  const types = typesIn(document);
  const leaves = new Set(
    document.definitions
      .filter(
        ({ kind }) => kind === Kind.ENUM_TYPE_DEFINITION || kind === Kind.SCALAR_TYPE_DEFINITION,
      )
      .map((definition) => ('name' in definition ? definition.name?.value : undefined)),
  );
  for (const scalar of ['ID', 'String', 'Int', 'Float', 'Boolean']) leaves.add(scalar);
  const fields = types.flatMap((type) =>
    (type.fields ?? []).map((field) => ({ type: type.name.value, field })),
  );
  const sized = new Set(
    fields.flatMap(({ type, field }) =>
      (listSizes.get(`${type}.${field.name.value}`)?.sizedFields ?? []).map(
        (name) => `${nameIn(field.type)}.${name}`,
      ),
    ),
  );
  return fields
    .filter(({ field }) => isList(field.type) && !leaves.has(nameIn(field.type)))
    .map(({ type, field }) => `${type}.${field.name.value}`)
    .filter((coordinate) => !sized.has(coordinate) && !listSizes.has(coordinate));
};

describe('the schemas', () => {
  it.each(schemas)('say of every list in %s how long it can be', (_file, document) => {
    const rules = readCostRules(document);
    expect(rules.listSizes.size).toBeGreaterThan(0);
    expect(unsized(document, rules)).toEqual([]);
  });

  it('keep what they say of costs in the supergraph, where the router reads it', () => {
    const composed = readCostRules(supergraph);
    const rules = schemas.map(([, document]) => readCostRules(document));
    const sorted = (map: ReadonlyMap<string, unknown>[]) =>
      Object.fromEntries(map.flatMap((part) => [...part]).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    expect(sorted([composed.weights])).toEqual(sorted(rules.map(({ weights }) => weights)));
    expect(sorted([composed.listSizes])).toEqual(sorted(rules.map(({ listSizes }) => listSizes)));
    expect(composed.weights.size).toBeGreaterThan(10);
  });
});
