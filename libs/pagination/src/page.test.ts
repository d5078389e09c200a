import { describe, expect, it } from '@jest/globals';
import { v7 as makeId } from 'uuid';
import { idCursors } from './cursors.ts';
import {
  cutPage,
  DEFAULT_PAGE_SIZE,
  makeConnection,
  MAX_PAGE_SIZE,
  readPageRequest,
} from './page.ts';

const badUserInput: unknown = expect.objectContaining({ code: 'BAD_USER_INPUT' });

describe('readPageRequest', () => {
  it('returns the default size and the start of the list without arguments', () => {
    for (const args of [{}, { first: null, after: null }, { first: undefined, after: undefined }]) {
      expect(readPageRequest(args, idCursors)).toEqual({ first: DEFAULT_PAGE_SIZE, after: null });
    }
  });

  it('decodes the cursor in after', () => {
    const id = makeId();
    const request = readPageRequest({ first: 5, after: idCursors.encode(id) }, idCursors);
    expect(request).toEqual({ first: 5, after: id });
  });

  it('accepts 1 to 100 rows', () => {
    for (const first of [1, MAX_PAGE_SIZE]) {
      expect(readPageRequest({ first }, idCursors).first).toBe(first);
    }
    for (const first of [0, -1, MAX_PAGE_SIZE + 1, 2 ** 31]) {
      expect(() => readPageRequest({ first }, idCursors)).toThrow(badUserInput);
    }
  });
});

describe('makeConnection', () => {
  it('takes the page from rows of a query for one more', () => {
    expect(cutPage([1, 2, 3], 2)).toEqual({ rows: [1, 2], hasNextPage: true });
    expect(cutPage([1, 2], 2)).toEqual({ rows: [1, 2], hasNextPage: false });
    expect(cutPage([], 2)).toEqual({ rows: [], hasNextPage: false });
  });

  it('returns edges, nodes, and the cursors of the first and the last row', () => {
    const rows = [{ id: makeId() }, { id: makeId() }];
    const connection = makeConnection(
      { rows, hasNextPage: true },
      { first: 2, after: null },
      (row) => row.id,
      idCursors,
    );
    const cursors = rows.map((row) => idCursors.encode(row.id));
    expect(connection).toEqual({
      edges: rows.map((node, index) => ({ node, cursor: cursors[index] })),
      nodes: rows,
      pageInfo: {
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: cursors[0],
        endCursor: cursors[1],
      },
    });
  });

  it('returns no cursors for an empty page after another page', () => {
    const request = { first: 2, after: makeId() };
    const page = { rows: [] as { id: string }[], hasNextPage: false };
    expect(makeConnection(page, request, (row) => row.id, idCursors).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    });
  });
});
