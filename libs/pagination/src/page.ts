import { argumentError } from '@cartograph/errors';
import { readCursor, type CursorCodec } from './cursors.ts';

/** A request for one page of a list, forward by keyset. */
export type PageRequest<Key> = { readonly first: number; readonly after: Key | null };

/** The rows of a page, and whether another follows. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  /** The first and the last row of the query, when `showRows` left rows out. */
  readonly ends?: readonly [first: Row, last: Row] | undefined;
};

/** A Relay connection, with `nodes` for clients that need no cursors. */
export type Connection<Row> = {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
};

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/**
 * Reads the argument `first` or `last`.
 * @throws ShopError BAD_USER_INPUT when it is out of 1..100
 */
export const readPageSize = (
  argument: 'first' | 'last',
  size: number | null | undefined,
): number => {
  const rows = size ?? DEFAULT_PAGE_SIZE;
  if (rows < 1 || rows > MAX_PAGE_SIZE) {
    throw argumentError(argument, `must be from 1 to ${MAX_PAGE_SIZE}`);
  }
  return rows;
};

/**
 * Reads the arguments of a connection field.
 * @throws ShopError BAD_USER_INPUT when `first` is out of 1..100 or `after` is not a cursor
 */
export const readPageRequest = <Key>(
  args: { first?: number | null | undefined; after?: string | null | undefined },
  cursors: CursorCodec<Key>,
): PageRequest<Key> => ({
  first: readPageSize('first', args.first),
  after: readCursor('after', args.after, cursors),
});

/** Makes a page from a query for one row more than the page has. */
export const cutPage = <Row>(rows: readonly Row[], first: number): Page<Row> => ({
  rows: rows.slice(0, first),
  hasNextPage: rows.length > first,
});

/**
 * Leaves rows out of a page. Its cursors still cover them, so a page may have fewer rows than
 * requested although another page follows.
 * @param show returns null to leave the row out
 */
export const showRows = <Row>(page: Page<Row>, show: (row: Row) => Row | null): Page<Row> => {
  const [first, last] = page.ends ?? [page.rows[0], page.rows.at(-1)];
  const rows = page.rows.flatMap((row) => show(row) ?? []);
  return { ...page, rows, ...(first && last && { ends: [first, last] }) };
};

/** Makes the connection of a page; `keyOf` returns the key that a cursor encodes. */
export const makeConnection = <Row, Key>(
  page: Page<Row>,
  request: PageRequest<Key>,
  keyOf: (row: Row) => Key,
  cursors: CursorCodec<Key>,
): Connection<Row> => {
  const cursorOf = (row: Row) => cursors.encode(keyOf(row));
  const edges = page.rows.map((node) => ({ cursor: cursorOf(node), node }));
  const ends = page.ends?.map(cursorOf) ?? edges.map(({ cursor }) => cursor);
  return {
    edges,
    nodes: page.rows,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== null,
      startCursor: ends[0] ?? null,
      endCursor: ends.at(-1) ?? null,
    },
  };
};
