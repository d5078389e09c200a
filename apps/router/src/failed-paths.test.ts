import { describe, expect, it } from 'vitest';
import { parse } from 'graphql';
import { findFailedPaths } from './failed-paths.ts';

const pathsOf = (query: string, representations?: unknown) =>
  findFailedPaths(parse(query), representations);

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Order { __typename payments { id } ...More } } } fragment More on Order { total: refunded { amount } }`;

describe('the paths of a subgraph that did not respond', () => {
  it('are its root fields, by the names in the response', () => {
    expect(pathsOf('{ me { id } first: products { nodes { id } } __typename }')).toEqual([
      ['me'],
      ['first'],
    ]);
    expect(pathsOf('mutation M { payOrder(input: {}) { __typename } }')).toEqual([['payOrder']]);
  });

  it('are the fields of each entity', () => {
    expect(pathsOf(ENTITIES, [{ id: 1 }, { id: 2 }])).toEqual([
      ['_entities', 0, 'payments'],
      ['_entities', 0, 'total'],
      ['_entities', 1, 'payments'],
      ['_entities', 1, 'total'],
    ]);
  });

  it('are 20 at most', () => {
    expect(pathsOf(ENTITIES, Array(50_000).fill({}))).toHaveLength(20);
    const aliases = Array.from({ length: 40 }, (_, n) => `a${n}: me { id }`);
    expect(pathsOf(`{ ${aliases.join(' ')} }`)).toHaveLength(20);
  });

  it('are none of a document without an operation', () => {
    expect(pathsOf('fragment Only on Query { me { id } }')).toEqual([]);
  });
});
