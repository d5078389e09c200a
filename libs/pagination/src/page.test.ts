import { describe, expect, it } from '@jest/globals';
import { ShopError } from '@cartograph/errors';
import { v7 as makeId } from 'uuid';
import { idCursors } from './id-cursor.ts';
import {
  cutPage,
  DEFAULT_PAGE_SIZE,
  makeConnection,
  MAX_PAGE_SIZE,
  readPageRequest,
} from './page.ts';

const codeOf = (read: () => unknown): string | null => {
  try {
    read();
    return null;
  } catch (error) {
    return error instanceof ShopError ? error.code : 'another error';
  }
};

describe('a cursor', () => {
  it('comes back as the id it was made of, and does not show it', () => {
    for (const id of Array.from({ length: 20 }, () => makeId())) {
      const cursor = idCursors.encode(id);
      expect(idCursors.decode(cursor)).toBe(id);
      expect(cursor).not.toContain(id);
      expect(cursor).toMatch(/^[\w-]+$/);
    }
  });

  it.each([
    ['nothing', ''],
    ['an id', makeId()],
    ['an id without the version', Buffer.from(makeId()).toString('base64url')],
    ['another version', Buffer.from(`v2:${makeId()}`).toString('base64url')],
    ['no id', Buffer.from('v1:1 OR 1=1').toString('base64url')],
    ['more than an id', Buffer.from(`v1:${makeId()}x`).toString('base64url')],
    ['an id with a NUL', Buffer.from(`v1:${makeId()}\0`).toString('base64url')],
    ['two ids', Buffer.from(`v1:${makeId()}v1:${makeId()}`).toString('base64url')],
    ['a cursor of Relay', Buffer.from('arrayconnection:5').toString('base64')],
    ['letters of no alphabet', '\u{1f600}'],
    ['a long text', 'x'.repeat(10_000)],
  ])('of somebody else is refused: %s', (_what, cursor) => {
    expect(idCursors.decode(cursor)).toBeNull();
    expect(codeOf(() => readPageRequest({ after: cursor }, idCursors))).toBe('BAD_USER_INPUT');
  });
});

describe('the request of a page', () => {
  it('has the default size and begins at the start when nothing is said', () => {
    for (const args of [{}, { first: null, after: null }, { first: undefined, after: undefined }]) {
      expect(readPageRequest(args, idCursors)).toEqual({ first: DEFAULT_PAGE_SIZE, after: null });
    }
  });

  it('goes on after the id of its cursor', () => {
    const id = makeId();
    const request = readPageRequest({ first: 5, after: idCursors.encode(id) }, idCursors);
    expect(request).toEqual({ first: 5, after: id });
  });

  it('is from 1 to 100 rows, both included', () => {
    for (const first of [1, MAX_PAGE_SIZE]) {
      expect(readPageRequest({ first }, idCursors).first).toBe(first);
    }
    for (const first of [0, -1, MAX_PAGE_SIZE + 1, 2 ** 31]) {
      expect(codeOf(() => readPageRequest({ first }, idCursors))).toBe('BAD_USER_INPUT');
    }
  });
});

describe('a page', () => {
  it('is cut from rows of which one more was asked for', () => {
    expect(cutPage([1, 2, 3], 2)).toEqual({ rows: [1, 2], hasNextPage: true });
    expect(cutPage([1, 2], 2)).toEqual({ rows: [1, 2], hasNextPage: false });
    expect(cutPage([], 2)).toEqual({ rows: [], hasNextPage: false });
  });

  it('is a connection: edges and nodes, and the cursors of the first and the last', () => {
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

  it('without rows has no cursors, and knows that it is not the first', () => {
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
