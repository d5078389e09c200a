import { argumentError, ShopError } from '@cartograph/errors';
import { readCursor, type CursorCodec } from './cursors.ts';

/** A request for one page of a list, by keyset from either end. */
export type PageRequest<Key> = {
  /** FORWARD reads the list from its start, BACKWARD from its end. */
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly size: number;
  /** The key of the row next to the page; null for the start or the end of the list. */
  readonly from: Key | null;
};

/** The arguments of a client: `first` and `after`, or `last` and `before`. */
export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

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

/** The items of a page when the client does not say. */
export const DEFAULT_PAGE_SIZE = 20;

/** The most items of a page. */
export const MAX_PAGE_SIZE = 100;

/**
 * Reads the argument `first` or `last`.
 * @throws ShopError BAD_USER_INPUT when it is out of 1..100
 */
const readPageSize = (argument: 'first' | 'last', size: number | null | undefined): number => {
  const rows = size ?? DEFAULT_PAGE_SIZE;
  if (rows < 1 || rows > MAX_PAGE_SIZE) {
    throw argumentError(argument, `must be from 1 to ${MAX_PAGE_SIZE}`);
  }
  return rows;
};

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

/**
 * Reads the arguments of a connection field that supports both directions.
 * @throws ShopError BAD_USER_INPUT when the directions are mixed, the size is out of 1..100 or the
 * cursor is not one of this list
 */
export const readPageRequest = <Key>(
  { first, after, last, before }: PageArguments,
  cursors: CursorCodec<Key>,
): PageRequest<Key> => {
  const isBackward = isGiven(last) || isGiven(before);
  if (isBackward && (isGiven(first) || isGiven(after))) {
    throw new ShopError('BAD_USER_INPUT', 'give either first and after, or last and before');
  }
  return isBackward
    ? {
        direction: 'BACKWARD',
        size: readPageSize('last', last),
        from: readCursor('before', before, cursors),
      }
    : {
        direction: 'FORWARD',
        size: readPageSize('first', first),
        from: readCursor('after', after, cursors),
      };
};

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

/** Few clients read the cursors of edges: each is encoded when it is read. */
class LazyEdge<Node> {
  readonly node: Node;
  readonly #encode: () => string;

  constructor(node: Node, encode: () => string) {
    this.node = node;
    this.#encode = encode;
  }

  get cursor(): string {
    return this.#encode();
  }
}

/**
 * Makes the connection of a page from rows in `request.direction`; the edges have the order of the
 * list. A row without a node (null) is left out. The cursors still cover it, so a page may have fewer
 * rows than requested although another page follows.
 */
export const makeConnection = <Row, Node, Key>(
  page: Page<Row>,
  request: PageRequest<Key>,
  { nodeOf, keyOf }: { nodeOf: (row: Row) => Node | null; keyOf: (row: Row) => Key },
  cursors: CursorCodec<Key>,
): Connection<Node> => {
  const isBackward = request.direction === 'BACKWARD';
  const rows = isBackward ? page.rows.toReversed() : page.rows;
  const cursorOf = (row: Row | undefined): string | null =>
    row === undefined ? null : cursors.encode(keyOf(row));
  const read = page.ends ?? [page.rows[0], page.rows.at(-1)];
  const [start, end] = isBackward ? read.toReversed() : read;
  const edges = rows.flatMap((row) => {
    const node = nodeOf(row);
    if (node === null) return [];
    return [new LazyEdge(node, () => cursors.encode(keyOf(row)))];
  });
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: isBackward ? request.from !== null : page.hasNextPage,
      hasPreviousPage: isBackward ? page.hasNextPage : request.from !== null,
      startCursor: cursorOf(start),
      endCursor: cursorOf(end),
    },
  };
};
