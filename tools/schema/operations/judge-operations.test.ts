import { describe, expect, it } from 'vitest';
import { parse } from 'graphql';
import { findChanges } from '../changes/find-changes.ts';
import { makeGraph, type Edits } from '../test/small-graph.ts';
import { judgeOperations } from './judge-operations.ts';
import type { Operation } from './operation.ts';

const operation = (name: string, text: string, more: Partial<Operation> = {}): Operation => ({
  name,
  place: 'client.graphql',
  document: parse(text),
  subgraph: null,
  isRequired: true,
  ...more,
});

const OPERATIONS = [
  operation(
    'Card',
    'query Card { lamp(id: 1) { ...Face } } fragment Face on Lamp { name imageUrl }',
  ),
  operation('List', 'query List { lamps(first: 2) { name watts } }'),
  operation('Any', 'query Any { lamp { id colour } }'),
  operation(
    'Buy',
    'mutation Buy($input: OrderInput!) { order(input: $input) { __typename ... on Order { id } } }',
  ),
  operation('Held', 'query Held { held(id: 1) }', { subgraph: 'product', place: 'peer.graphql' }),
  operation('Wrong', '{ nothing }', { isRequired: false, place: 'story.e2e.ts:1' }),
];

const judge = async (edits: Edits) => {
  const [before, after] = [makeGraph(), makeGraph(edits)];
  const { changes, broken } = judgeOperations(
    OPERATIONS,
    before,
    after,
    await findChanges(before, after),
  );
  return {
    concerned: Object.fromEntries(
      changes.map(({ coordinate, operations }) => [coordinate, operations]),
    ),
    broken: broken.map(({ operation: name }) => name),
  };
};

describe('the operations that a change concerns', () => {
  it.each<[string, Edits, Record<string, string[]>, string[]]>([
    ['none', {}, {}, []],
    [
      'those that select a field that is removed, in a fragment',
      { product: { 'imageUrl: String': '' } },
      { 'Lamp.imageUrl': ['Card (client.graphql)'] },
      ['Card (client.graphql)'],
    ],
    [
      'those that select a field that may be null: they remain valid',
      { product: { 'watts: Int!': 'watts: Int' } },
      { 'Lamp.watts': ['List (client.graphql)'] },
      [],
    ],
    [
      'none, where a field that breaks is not selected',
      { product: { 'form: String': '' } },
      { 'Shade.form': [] },
      [],
    ],
    [
      'those that leave out an argument that is required now',
      { product: { 'id: ID, size': 'id: ID!, size' } },
      { 'Query.lamp(id:)': ['Any (client.graphql)'] },
      ['Any (client.graphql)'],
    ],
    [
      'those whose variables may contain an input field that is removed',
      { order: { 'note: String }\n    union': '}\n    union' } },
      { 'OrderInput.note': ['Buy (client.graphql)'] },
      [],
    ],
    [
      'those that read an enum with a new value',
      { product: { 'RED BLUE': 'RED BLUE GREEN' } },
      { 'Colour.GREEN': ['Any (client.graphql)'] },
      [],
    ],
    [
      'those that read a union with a new member',
      { order: { 'Order | OutOf': 'Order | Slip | OutOf' } },
      { OrderResult: ['Buy (client.graphql)'] },
      [],
    ],
    [
      'those that a service sends to the subgraph',
      { product: { 'held(id: ID!): Int @inaccessible @auth(requires: SERVICE)': '' } },
      { 'Query.held': ['Held (peer.graphql)'] },
      ['Held (peer.graphql)'],
    ],
  ])('are %s', async (_what, edits, concerned, broken) => {
    expect(await judge(edits)).toEqual({ concerned, broken });
  });

  it('are all that are not valid, where there is nothing to compare with', () => {
    const operations = [...OPERATIONS, operation('Bad', 'query Bad { nothing }')];
    const { broken } = judgeOperations(operations, null, makeGraph(), []);
    expect(broken).toEqual([
      {
        operation: 'Bad (client.graphql)',
        faults: ['Cannot query field "nothing" on type "Query".'],
      },
    ]);
  });
});
