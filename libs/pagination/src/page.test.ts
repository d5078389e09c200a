import { describe, expect, it } from 'vitest';
import { makeKeyCursors } from './cursors.ts';
import { cutPage, makeConnection, readPageRequest } from './page.ts';

type Key = readonly [amount: number, id: string];

const isKey = (values: readonly unknown[]): values is Key =>
  values.length === 2 && typeof values[0] === 'number' && typeof values[1] === 'string';

const cursors = makeKeyCursors<Key>('PRICE', (values) => (isKey(values) ? values : null));

const badUserInput: unknown = expect.objectContaining({ code: 'BAD_USER_INPUT' });

describe('readPageRequest', () => {
  const cursor = cursors.encode([1, 'a']);

  it.each([
    [{}, { direction: 'FORWARD', size: 20, from: null }],
    [
      { first: 5, after: null, last: null },
      { direction: 'FORWARD', size: 5, from: null },
    ],
    [{ after: cursor }, { direction: 'FORWARD', size: 20, from: [1, 'a'] }],
    [{ last: 5 }, { direction: 'BACKWARD', size: 5, from: null }],
    [
      { last: 100, before: cursor },
      { direction: 'BACKWARD', size: 100, from: [1, 'a'] },
    ],
  ])('reads %j', (args, request) => {
    expect(readPageRequest(args, cursors)).toEqual(request);
  });

  it.each([
    { first: 0 },
    { first: 101 },
    { last: 0 },
    { last: -1 },
    { last: 2 ** 31 },
    { first: 1, last: 1 },
    { first: 1, before: cursor },
    { last: 1, after: cursor },
    { after: cursor, before: cursor },
  ])('refuses %j', (args) => {
    expect(() => readPageRequest(args, cursors)).toThrow(badUserInput);
  });
});

describe('makeConnection', () => {
  it('takes the page from rows of a query for one more', () => {
    expect(cutPage([1, 2, 3], 2)).toEqual({ rows: [1, 2], hasNextPage: true });
    expect(cutPage([1, 2], 2)).toEqual({ rows: [1, 2], hasNextPage: false });
    expect(cutPage([], 2)).toEqual({ rows: [], hasNextPage: false });
  });

  it('has no cursors for an empty page', () => {
    const { pageInfo } = connect('FORWARD', [1, 'a'], [], false);
    expect(pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });

  const connect = (direction: 'FORWARD' | 'BACKWARD', from: Key | null, keys: Key[], more = true) =>
    makeConnection(
      { rows: keys, hasNextPage: more },
      { direction, size: keys.length, from },
      { nodeOf: ([amount]) => amount, keyOf: (key) => key },
      cursors,
    );

  it('returns the rows in the order of the list for both directions', () => {
    const forward = connect('FORWARD', null, [
      [1, 'a'],
      [2, 'b'],
    ]);
    const backward = connect('BACKWARD', null, [
      [2, 'b'],
      [1, 'a'],
    ]);
    expect(forward.nodes).toEqual([1, 2]);
    expect(backward.nodes).toEqual([1, 2]);
    expect(backward.edges).toEqual(forward.edges);
    expect(backward.pageInfo.endCursor).toBe(cursors.encode([2, 'b']));
  });

  it('leaves out a row without a node, but covers it with the cursors of the page', () => {
    const keys: Key[] = [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ];
    const page = (isHidden: (amount: number) => boolean) =>
      makeConnection(
        { rows: keys, hasNextPage: true },
        { direction: 'FORWARD', size: 3, from: null },
        { nodeOf: ([amount]) => (isHidden(amount) ? null : amount), keyOf: (key) => key },
        cursors,
      );
    for (const isHidden of [(amount: number) => amount !== 2, () => true]) {
      const { nodes, edges, pageInfo } = page(isHidden);
      expect(nodes).toEqual(isHidden(2) ? [] : [2]);
      expect(edges).toHaveLength(nodes.length);
      expect(pageInfo).toMatchObject({
        hasNextPage: true,
        startCursor: cursors.encode([1, 'a']),
        endCursor: cursors.encode([3, 'c']),
      });
    }
  });

  it('has the cursors of the rows that were read, in the order of the list', () => {
    const ends = (direction: 'FORWARD' | 'BACKWARD', read: readonly [Key, Key]) =>
      makeConnection(
        { rows: [[2, 'b']] as Key[], hasNextPage: false, ends: read },
        { direction, size: 3, from: null },
        { nodeOf: ([amount]) => amount, keyOf: (key) => key },
        cursors,
      ).pageInfo;
    const expected = { startCursor: cursors.encode([1, 'a']), endCursor: cursors.encode([3, 'c']) };
    expect(
      ends('FORWARD', [
        [1, 'a'],
        [3, 'c'],
      ]),
    ).toMatchObject(expected);
    expect(
      ends('BACKWARD', [
        [3, 'c'],
        [1, 'a'],
      ]),
    ).toMatchObject(expected);
  });

  it('returns whether there are rows before and after the page', () => {
    const sides = (...args: Parameters<typeof connect>) => {
      const { hasPreviousPage, hasNextPage } = connect(...args).pageInfo;
      return [hasPreviousPage, hasNextPage];
    };
    expect(sides('FORWARD', null, [], true)).toEqual([false, true]);
    expect(sides('FORWARD', [1, 'a'], [], false)).toEqual([true, false]);
    expect(sides('BACKWARD', null, [], true)).toEqual([true, false]);
    expect(sides('BACKWARD', [1, 'a'], [], false)).toEqual([false, true]);
  });
});
