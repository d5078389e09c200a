import { describe, expect, it } from 'vitest';
import { makeGraph, type Edits } from '../test/small-graph.ts';
import { findChanges } from './find-changes.ts';

const find = async (edits: Edits, before: Edits = {}) =>
  (await findChanges(makeGraph(before), makeGraph(edits))).map(
    ({ level, coordinate, message, isContractOnly }) => ({
      level,
      coordinate,
      message,
      isContractOnly,
    }),
  );

const HIDDEN: Edits = { product: { 'watts: Int!': 'watts: Int! @tag(name: "admin")' } };

describe('a change of the public contract', () => {
  it('breaks front ends when a field is hidden, which remains in the graph', async () => {
    expect(await find(HIDDEN)).toEqual([
      {
        level: 'breaking',
        coordinate: 'Lamp.watts',
        message: 'Field `watts` was removed from object type `Lamp`, in the public contract',
        isContractOnly: true,
      },
    ]);
  });

  it('is safe when a field is shown', async () => {
    expect(await find({}, HIDDEN)).toMatchObject([{ level: 'safe', coordinate: 'Lamp.watts' }]);
  });

  it('is not said of a type that goes with the field', async () => {
    const field = 'shades: [Shade!] @auth(requires: PUBLIC)';
    expect(await find({ product: { [field]: `${field} @tag(name: "admin")` } })).toMatchObject([
      { level: 'breaking', coordinate: 'Query.shades' },
    ]);
  });

  it('is said once when the graph changes in the same way', async () => {
    expect(await find({ product: { 'watts: Int!': '' } })).toMatchObject([
      { level: 'breaking', coordinate: 'Lamp.watts', isContractOnly: false },
    ]);
  });

  it('is not known when main has no contract', async () => {
    const before = { ...makeGraph(), publicSdl: null };
    expect(await findChanges(before, makeGraph(HIDDEN))).toEqual([]);
  });
});
