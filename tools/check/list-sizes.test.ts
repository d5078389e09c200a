import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCostRules } from '@cartograph/operation-limits';
import { parse } from 'graphql';

const root = path.resolve(import.meta.dirname, '..', '..');

const schemas = globSync('apps/*/schema.graphql', { cwd: root }).map((file) =>
  parse(readFileSync(path.join(root, file), 'utf8')),
);

const supergraph = parse(readFileSync(path.join(root, 'apps/router/supergraph.graphql'), 'utf8'));

describe('the schemas', () => {
  it('keep what they say of costs in the supergraph, where the router reads it', () => {
    const composed = readCostRules(supergraph);
    const rules = schemas.map((schema) => readCostRules(schema));
    const sorted = (map: ReadonlyMap<string, unknown>[]) =>
      Object.fromEntries(map.flatMap((part) => [...part]).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    expect(sorted([composed.weights])).toEqual(sorted(rules.map(({ weights }) => weights)));
    expect(sorted([composed.listSizes])).toEqual(sorted(rules.map(({ listSizes }) => listSizes)));
    expect(composed.weights.size).toBeGreaterThan(10);
  });
});
