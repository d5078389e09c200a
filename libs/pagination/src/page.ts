import { ShopError } from '@cartograph/errors';

/** One page of a list that is read forward by keyset. */
export type PageRequest<Key> = { readonly first: number; readonly after: Key | null };

/** The rows of a page, and whether another follows. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  /** The first and the last row as they were read, where some are not in `rows`. */
  readonly ends?: readonly [first: Row, last: Row] | undefined;
};

/** A Relay connection, with `nodes` beside `edges` for those who need no cursors. */
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
 * More characters than any cursor of ours has. The longest is that of a name: 200 characters, each
 * of which may take six bytes as JSON writes it, and a third more in Base64.
 */
export const MAX_CURSOR_LENGTH = 4_000;

/** Turns a key into an opaque cursor and back. `decode` gives null for anything it did not make. */
export type CursorCodec<Key> = {
  readonly encode: (key: Key) => string;
  readonly decode: (cursor: string) => Key | null;
};

/**
 * Checks the arguments of a connection field.
 * @throws ShopError BAD_USER_INPUT when `first` is out of 1..100 or `after` is no cursor of ours
 */
export const readPageRequest = <Key>(
  args: { first?: number | null | undefined; after?: string | null | undefined },
  cursors: CursorCodec<Key>,
): PageRequest<Key> => {
  const first = args.first ?? DEFAULT_PAGE_SIZE;
  if (first < 1 || first > MAX_PAGE_SIZE) {
    throw new ShopError('BAD_USER_INPUT', `first must be from 1 to ${MAX_PAGE_SIZE}`);
  }
  if (args.after === undefined || args.after === null) return { first, after: null };
  const after = cursors.decode(args.after);
  if (after === null) throw new ShopError('BAD_USER_INPUT', 'after is not a cursor of this list');
  return { first, after };
};

/** Cuts the rows of a query that asked for one more than the page holds. */
export const cutPage = <Row>(rows: readonly Row[], first: number): Page<Row> => ({
  rows: rows.slice(0, first),
  hasNextPage: rows.length > first,
});

/**
 * Leaves rows out of a page. Its cursors pass them: it may then be shorter than was asked for, and
 * another may follow.
 * @param show the row as it can be shown; null to leave it out
 */
export const showRows = <Row>(page: Page<Row>, show: (row: Row) => Row | null): Page<Row> => {
  const [first, last] = page.ends ?? [page.rows[0], page.rows.at(-1)];
  const rows = page.rows.flatMap((row) => show(row) ?? []);
  return { ...page, rows, ...(first && last && { ends: [first, last] }) };
};

/** Makes the connection of a page; `keyOf` is what the next page goes on from. */
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
