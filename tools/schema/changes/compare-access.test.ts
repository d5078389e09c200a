import { describe, expect, it } from 'vitest';
import { makeGraph, type Edits } from '../test/small-graph.ts';
import { compareAccess } from './compare-access.ts';

/** The levels and messages of what changed, in the graph with edits or from one such graph to another. */
const compare = (edits: Edits, before: Edits = {}) =>
  compareAccess(makeGraph(before).subgraphs, makeGraph(edits).subgraphs).map(
    ({ level, message }) => [level, message],
  );

const withRule = (access: string): Edits => ({
  product: { 'watts: Int!': `watts: Int! @auth(requires: ${access})` },
});

const LAMP = 'type Lamp @key(fields: "id") @auth(requires: PUBLIC)';

const REFERENCE = 'type Lamp @key(fields: "id", resolvable: false) { id: ID! }';

describe('the access rule of a field', () => {
  it('breaks clients when it is added', () => {
    expect(compare(withRule('USER'))).toEqual([
      ['breaking', '`Lamp.watts` requires USER in product, and required PUBLIC'],
    ]);
  });

  it('is looser when it is removed: services check nothing without one', () => {
    expect(compare({}, withRule('ADMIN'))).toEqual([
      ['dangerous', '`Lamp.watts` requires PUBLIC in product, and required ADMIN'],
    ]);
  });

  it('does not change when it says what holds without one', () => {
    expect(compare(withRule('PUBLIC'))).toEqual([]);
  });

  it('does not change when the field is new or gone', () => {
    const edits = { product: { 'watts: Int!': 'watts: Int! volts: Int @auth(requires: ADMIN)' } };
    expect(compare(edits)).toEqual([]);
    expect(compare({}, edits)).toEqual([]);
  });

  it('is compared with that of the subgraph that had the field', () => {
    const edits = {
      product: {
        'shades: [Shade!] @auth(requires: PUBLIC)': '',
        'type Shade { id: ID! form: String }': '',
      },
      order: {
        'type Slip {': 'type Shade { id: ID! form: String } type Slip {',
        'type Query {': 'type Query { shades: [Shade!] @auth(requires: USER) ',
      },
    };
    expect(compare(edits)).toEqual([
      ['breaking', '`Query.shades` requires USER in order, and required PUBLIC'],
    ]);
  });
});

describe('the access rule of an entity', () => {
  const ofOrder = { [REFERENCE]: 'type Lamp @key(fields: "id") @auth(requires: USER) { id: ID! }' };

  it('is compared for each subgraph that has it', () => {
    const stricter = { product: { [LAMP]: LAMP.replace('PUBLIC', 'ADMIN') } };
    expect(compare({ ...stricter, order: ofOrder }, { order: ofOrder })).toEqual([
      ['breaking', '`Lamp` requires ADMIN in product, and required PUBLIC'],
    ]);
  });

  it('does not change when another subgraph has the entity, too', () => {
    expect(compare({ order: ofOrder })).toEqual([]);
    expect(compare({}, { order: ofOrder })).toEqual([]);
  });
});
