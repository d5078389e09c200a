import type { TwoWayPageRequest } from '@cartograph/pagination';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { and } from './product-conditions.ts';
import type { Search } from './search-words.ts';
import { PRODUCT_COLUMNS, type ProductRow } from './to-product.ts';

type Direction = TwoWayPageRequest<unknown>['direction'];

/** How many products a block of `search_block` holds: the migration says the same. */
export const BLOCK_SIZE = 10_000;

/** The newest block is rarely full: two are read at first. */
const FIRST_BLOCKS = 2;

/** Words that need more blocks than these for a page are rare: all the rest has few of them. */
const MAX_BLOCKS = 20;

/** After so many statements the rest is read at once, however common the words are there. */
const MAX_WINDOWS = 4;

/**
 * How many blocks to read next: as many as what was found so far lets expect, and half as many
 * again. @returns null for all that are left
 */
const nextBlocks = (found: number, read: number, missing: number): number | null => {
  const blocks = Math.ceil((1.5 * missing * read) / Math.max(found, 1));
  return blocks > MAX_BLOCKS ? null : blocks;
};

/** The SQL of one window. Exported for the test that holds it to its index. */
export const windowQuery = (options: {
  conditions: readonly Prisma.Sql[];
  direction: Direction;
  limit: number;
  /** The blocks to read, nearest first; null for all. */
  blocks: readonly number[] | null;
  /** Only what comes after this position, in the direction of reading; null for all. */
  beyond: bigint | null;
  /** True when few rows are left to find: then reading in order would read too many. */
  isSparse: boolean;
}): Prisma.Sql => {
  const { blocks, beyond, direction } = options;
  const isForward = direction === 'FORWARD';
  const conditions = [...options.conditions];
  if (blocks) {
    const lowest = BigInt(Math.min(...blocks) * BLOCK_SIZE);
    const highest = BigInt((Math.max(...blocks) + 1) * BLOCK_SIZE);
    conditions.push(
      Prisma.sql`search_block = ANY(${blocks}::int[])`,
      // Says the same again: it bounds the rows that are read in the order of positions.
      ...(options.isSparse
        ? []
        : [Prisma.sql`position >= ${lowest}`, Prisma.sql`position < ${highest}`]),
    );
  }
  if (beyond !== null) {
    conditions.push(
      isForward ? Prisma.sql`position < ${beyond}` : Prisma.sql`position > ${beyond}`,
    );
  }
  // An expression can't be read in order from an index: the words are looked up, then sorted.
  const order = options.isSparse ? Prisma.sql`position + 0` : Prisma.sql`position`;
  return Prisma.sql`
    SELECT ${PRODUCT_COLUMNS} FROM products WHERE ${and(conditions)}
    ORDER BY ${order} ${isForward ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${options.limit}`;
};

/**
 * Finds products that fit `conditions` in the order of their arrival, as many as `limit`: the
 * newest first, or the oldest when read backward. It reads block by block and stops when it has
 * enough, so a word that every tenth product has costs as much at a million products as at ten
 * thousand (docs/decisions/0007).
 */
export const searchInOrder = async (
  database: Database,
  search: Search,
  options: {
    conditions: readonly Prisma.Sql[];
    direction: Direction;
    limit: number;
    /** The position to go on after; null for the start. */
    from: number | null;
  },
): Promise<readonly ProductRow[]> => {
  const { conditions, direction, limit, from } = options;
  const step = direction === 'FORWARD' ? -1 : 1;
  const [start, end] =
    direction === 'FORWARD'
      ? [search.newestBlock, search.oldestBlock]
      : [search.oldestBlock, search.newestBlock];
  let next = from === null ? start : Math.floor(from / BLOCK_SIZE);
  let beyond = from === null ? null : BigInt(from);
  const rows: ProductRow[] = [];
  let read = 0;
  let size: number | null = FIRST_BLOCKS;
  for (let window = 1; rows.length < limit && (end - next) * step >= 0; window += 1) {
    if (window === MAX_WINDOWS) size = null;
    const blocks =
      size === null ? null : Array.from({ length: size }, (_, index) => next + index * step);
    const query = windowQuery({
      conditions,
      direction,
      limit: limit - rows.length,
      blocks,
      beyond,
      isSparse: window > 1,
    });
    rows.push(...(await database.$queryRaw<ProductRow[]>(query)));
    if (size === null) break;
    read += size;
    next += size * step;
    size = nextBlocks(rows.length, read, limit - rows.length);
    // The first position of the block to go on with, seen from the rows that were read.
    beyond = BigInt(direction === 'FORWARD' ? (next + 1) * BLOCK_SIZE : next * BLOCK_SIZE - 1);
  }
  return rows;
};
