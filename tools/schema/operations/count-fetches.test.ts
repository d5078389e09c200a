import { expect, it } from 'vitest';
import { parse } from 'graphql';
import { composeSupergraph } from '../../compose/compose-supergraph.ts';
import { makeGraph } from '../test/small-graph.ts';
import { countFetches } from './count-fetches.ts';

const operation = (name: string, text: string, place = 'client.graphql') => ({
  name,
  place,
  document: parse(text),
  subgraph: null,
  isRequired: true,
});

it('counts a fetch for each request to a subgraph, also where a condition decides', () => {
  const { supergraphSdl } = composeSupergraph({
    federationVersion: null,
    subgraphs: makeGraph().subgraphs,
  });
  const counted = countFetches(supergraphSdl, [
    operation('Two', 'query Two { order(id: 1) { id lamp { name } } }'),
    operation('One', 'query One { order(id: 1) { id lamp { id } } }'),
    operation(
      'Maybe',
      'query Maybe($with: Boolean!) { order(id: 1) { id lamp @include(if: $with) { name } } }',
    ),
    operation('Both', 'query Both { order(id: 1) { id } lamps { id } }'),
    operation('Both', 'query Both { lamps { id } }', 'page.graphql'),
    { ...operation('Story', '{ lamps { id } }'), isRequired: false },
    { ...operation('Peer', '{ held(id: 1) }'), subgraph: 'product' },
  ]);
  expect(counted).toEqual({
    'Both (client.graphql)': ['order', 'product'],
    'Both (page.graphql)': ['product'],
    'Maybe (client.graphql)': ['order', 'product'],
    'One (client.graphql)': ['order'],
    'Two (client.graphql)': ['order', 'product'],
  });
  expect(Object.keys(counted)).toEqual(Object.keys(counted).toSorted());
});
