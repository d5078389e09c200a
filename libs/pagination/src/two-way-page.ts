import { ShopError } from '@cartograph/errors';
import { readCursor, type CursorCodec } from './cursors.ts';
import { readPageSize, type Connection, type Page } from './page.ts';

/** A request for one page of a list, by keyset from either end. */
export type TwoWayPageRequest<Key> = {
  /** FORWARD reads the list from its start, BACKWARD from its end. */
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly size: number;
  /** The key of the row next to the page; null for the start or the end of the list. */
  readonly from: Key | null;
};

/** The arguments of a client: `first` and `after`, or `last` and `before`. */
export type TwoWayPageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

const isGiven = (value: unknown): boolean => value !== null && value !== undefined;

/**
 * Reads the arguments of a connection field that supports both directions.
 * @throws ShopError BAD_USER_INPUT when the directions are mixed, the size is out of 1..100 or the
 * cursor is not one of this list
 */
export const readTwoWayPageRequest = <Key>(
  { first, after, last, before }: TwoWayPageArguments,
  cursors: CursorCodec<Key>,
): TwoWayPageRequest<Key> => {
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

/**
 * Makes the connection of a page from rows in `request.direction`; the edges have the order of the
 * list. A row without a node (null) is left out. The cursors still cover it, so a page may have fewer
 * rows than requested although another page follows.
 */
export const makeTwoWayConnection = <Row, Node, Key>(
  page: Page<Row>,
  request: TwoWayPageRequest<Key>,
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
    // Few clients read the cursors of edges: each is encoded when it is read.
    return [
      {
        node,
        get cursor() {
          return cursors.encode(keyOf(row));
        },
      },
    ];
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
