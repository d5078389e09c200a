import { ShopError } from '@cartograph/errors';
import {
  DEFAULT_PAGE_SIZE,
  MAX_PAGE_SIZE,
  type Connection,
  type CursorCodec,
  type Page,
} from './page.ts';

/** One page of a list that is read by keyset from either end. */
export type TwoWayPageRequest<Key> = {
  /** FORWARD reads the list from its start, BACKWARD from its end. */
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly size: number;
  /** The row that the page begins beside; null for the start, or the end, of the list. */
  readonly from: Key | null;
};

/** What a client may say of a page: `first` with `after`, or `last` with `before`. */
export type TwoWayPageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

const isGiven = <Value>(value: Value | null | undefined): value is Value =>
  value !== null && value !== undefined;

/**
 * Checks the arguments of a connection field that can be read from both ends.
 * @throws ShopError BAD_USER_INPUT when the two ways are mixed, a size is out of 1..100 or a cursor
 * is none of this list's
 */
export const readTwoWayPageRequest = <Key>(
  { first, after, last, before }: TwoWayPageArguments,
  cursors: CursorCodec<Key>,
): TwoWayPageRequest<Key> => {
  const isBackward = isGiven(last) || isGiven(before);
  if (isBackward && (isGiven(first) || isGiven(after))) {
    throw new ShopError('BAD_USER_INPUT', 'give either first and after, or last and before');
  }
  const [sizeName, cursorName] = isBackward ? ['last', 'before'] : ['first', 'after'];
  const size = (isBackward ? last : first) ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new ShopError('BAD_USER_INPUT', `${sizeName} must be from 1 to ${MAX_PAGE_SIZE}`);
  }
  const cursor = isBackward ? before : after;
  const from = isGiven(cursor) ? cursors.decode(cursor) : null;
  if (isGiven(cursor) && from === null) {
    throw new ShopError('BAD_USER_INPUT', `${cursorName} is not a cursor of this list`);
  }
  return { direction: isBackward ? 'BACKWARD' : 'FORWARD', size, from };
};

/**
 * Makes the connection of a page whose rows were read in `request.direction`; they come out in the
 * order of the list. A row without a node (null) is left out, and the cursors of the page pass it:
 * a page may then be shorter than was asked for, and another may follow.
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
  const edges = rows.flatMap((row) => {
    const node = nodeOf(row);
    return node === null ? [] : [{ cursor: cursors.encode(keyOf(row)), node }];
  });
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: isBackward ? request.from !== null : page.hasNextPage,
      hasPreviousPage: isBackward ? page.hasNextPage : request.from !== null,
      startCursor: cursorOf(rows[0]),
      endCursor: cursorOf(rows.at(-1)),
    },
  };
};
