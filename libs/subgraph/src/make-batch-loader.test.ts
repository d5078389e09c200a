import { describe, expect, it } from 'vitest';
import { makeBatchLoader, makeGroupLoader } from './make-batch-loader.ts';

type Row = { readonly key: string; readonly value: number };

/** Finds the rows that `rows` has at that time, and records for which keys. */
const makeSource = (rows: Row[]) => {
  const calls: (readonly string[])[] = [];
  const findMany = async (keys: readonly string[]) => {
    calls.push(keys);
    return rows.filter(({ key }) => keys.includes(key));
  };
  return { calls, findMany };
};

const keyOf = ({ key }: Row) => key;

describe('a loader of rows', () => {
  it('makes one query for all keys of a tick, each once', async () => {
    const { calls, findMany } = makeSource([{ key: 'a', value: 1 }]);
    const loader = makeBatchLoader(findMany, keyOf);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loader.load(key)))).toEqual([
      { key: 'a', value: 1 },
      null,
      { key: 'a', value: 1 },
    ]);
    expect(calls).toEqual([['a', 'b']]);
  });
});

describe('a loader of lists', () => {
  it('makes one query for all keys of a tick, each once', async () => {
    const { calls, findMany } = makeSource([{ key: 'a', value: 1 }]);
    const loader = makeGroupLoader(findMany, keyOf);
    expect(await Promise.all(['a', 'b', 'a'].map((key) => loader.load(key)))).toEqual([
      [{ key: 'a', value: 1 }],
      [],
      [{ key: 'a', value: 1 }],
    ]);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('finds what a mutation has added since', async () => {
    const rows = [{ key: 'a', value: 1 }];
    const loader = makeGroupLoader(makeSource(rows).findMany, keyOf);
    expect(await loader.load('a')).toHaveLength(1);
    rows.push({ key: 'a', value: 2 });
    expect(await loader.load('a')).toHaveLength(2);
  });
});
