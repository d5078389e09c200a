import type { PageRequest } from '@cartograph/pagination';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { PRODUCT_COLUMNS, type ProductRow } from './rows.ts';

type Direction = PageRequest<unknown>['direction'];

/** Combines conditions, all of which must hold. */
export const and = (conditions: readonly Prisma.Sql[]): Prisma.Sql =>
  Prisma.join([...conditions], ' AND ');

/** The blocks of the newest and of the oldest product. */
export type Blocks = { readonly newestBlock: number; readonly oldestBlock: number };

/** A parsed search text, and the blocks to search. */
type Search = Blocks & {
  /** A tsquery of terms that products contain; null when a term matches nothing. */
  readonly query: string | null;
};

/** How many words may complete a prefix: the shortest ones. */
const MAX_COMPLETIONS = 50;

/** How many words may correct a term that no product contains. */
const MAX_CORRECTIONS = 3;

/** Shorter prefixes match too many words. */
const MIN_PREFIX = 2;

/** Shorter terms, and those with digits (article numbers), are too easily corrected wrongly. */
const CORRECTABLE = '^[^0-9]{4,40}$';

/** From this length on a term may differ in two letters from a word; below, in one. */
const LONG_TERM = 6;

/** A lexeme in a tsquery: quotes and backslashes are doubled (PostgreSQL, section 8.11.2). */
const quoteLexeme = (word: string): string =>
  `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

type TermRow = { words: string[]; newest: number | null; oldest: number | null };

/** The highest code point: an upper bound for every word with a given prefix. */
const LAST = '\u{10ffff}';

/** A range condition, which a "C" index supports; `^@` uses an index with constants only. */
const hasPrefix = (prefix: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`search_words.word >= ${prefix} AND search_words.word < ${prefix} || ${LAST}`;

/**
 * The words nearest to `matched.term` by Levenshtein distance, among those that have the same first
 * letter or similar trigrams: an index finds both.
 */
const corrections = Prisma.sql`
  SELECT near.word FROM (
    SELECT word FROM search_words
    WHERE ${hasPrefix(Prisma.sql`left(matched.term, 1)`)}
    UNION
    SELECT word FROM search_words WHERE search_words.word % matched.term
  ) AS near
  CROSS JOIN LATERAL (
    SELECT CASE WHEN length(matched.term) < ${LONG_TERM} THEN 1 ELSE 2 END AS max
  ) AS allowed
  CROSS JOIN LATERAL (
    SELECT CASE WHEN abs(length(near.word) - length(matched.term)) <= allowed.max
      THEN levenshtein_less_equal(near.word, matched.term, allowed.max) END AS distance
  ) AS edits
  WHERE matched.term ~ ${CORRECTABLE} AND edits.distance <= allowed.max
  ORDER BY edits.distance, similarity(near.word, matched.term) DESC, near.word
  LIMIT ${MAX_CORRECTIONS}`;

/**
 * The SQL that maps the terms of a search text to words that products contain. Postgres parses the
 * text: it has no operators. Exported for the test of its query plan.
 */
export const termsQuery = (text: string): Prisma.Sql => Prisma.sql`
    WITH terms AS (
      SELECT lexeme COLLATE "C" AS term, positions[array_upper(positions, 1)] =
        max(positions[array_upper(positions, 1)]) OVER () AS is_last
      FROM unnest(to_tsvector('catalogue', ${text}))
    ),
    blocks AS (
      SELECT (SELECT search_block FROM products ORDER BY position DESC LIMIT 1) AS newest,
        (SELECT search_block FROM products ORDER BY position LIMIT 1) AS oldest
    ),
    matched AS (
      SELECT term, ARRAY(
        SELECT term WHERE term ~ '[0-9]'
        UNION
        SELECT word FROM search_words WHERE search_words.word = term
        UNION
        (SELECT word FROM search_words
         WHERE is_last AND length(term) >= ${MIN_PREFIX} AND ${hasPrefix(Prisma.sql`term`)}
         ORDER BY length(word), word LIMIT ${MAX_COMPLETIONS})
      ) AS words
      FROM terms
    )
    SELECT newest, oldest, CASE
      WHEN words IS NULL OR cardinality(words) > 0 THEN coalesce(words, '{}')
      ELSE ARRAY(${corrections})
      END AS words
    FROM blocks LEFT JOIN matched ON true`;

/** Parses a search text into a tsquery of few whole words. */
export const parseSearch = async (database: Database, text: string): Promise<Search> => {
  const rows = await database.$queryRaw<TermRow[]>(termsQuery(text));
  const { newest = null, oldest = null } = rows[0] ?? {};
  const isMatchable = newest !== null && rows.every((row) => row.words.length > 0);
  return {
    query: isMatchable
      ? rows.map((row) => `(${row.words.map(quoteLexeme).join(' | ')})`).join(' & ')
      : null,
    newestBlock: newest ?? 0,
    oldestBlock: oldest ?? 0,
  };
};

/** The condition that a product matches a tsquery. */
export const hasTerms = (query: string): Prisma.Sql => Prisma.sql`all_words @@ ${query}::tsquery`;

/** The condition that the name of a product matches a tsquery. */
export const hasTermsInName = (query: string): Prisma.Sql =>
  Prisma.sql`name_words @@ ${query}::tsquery`;

/** How many products a block of `search_block` holds, as in the migration. */
const BLOCK_SIZE = 10_000;

/** The newest block is rarely full: the first window reads two. */
const FIRST_BLOCKS = 2;

/** Terms that need more blocks for a page are rare: reading all other blocks finds few rows. */
const MAX_BLOCKS = 20;

/** The last window reads all remaining blocks. */
const MAX_WINDOWS = 4;

/**
 * How many blocks to read next: 1.5 times the number that the hit rate so far predicts.
 * @returns null for all remaining blocks
 */
const nextBlocks = (found: number, read: number, missing: number): number | null => {
  const blocks = Math.ceil((1.5 * missing * read) / Math.max(found, 1));
  return blocks > MAX_BLOCKS ? null : blocks;
};

/** The SQL of one window of blocks. Exported for the test of its query plan. */
export const windowQuery = (options: {
  conditions: readonly Prisma.Sql[];
  direction: Direction;
  limit: number;
  /** The blocks to read, nearest first; null for all. */
  blocks: readonly number[] | null;
  /** Only rows after this position, in the direction of reading; null for all. */
  beyond: bigint | null;
  /** True when few rows match: then reading in the order of positions would read too many. */
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
      // Redundant, but it bounds the rows that are read in the order of positions.
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
  // No index orders by this expression, so Postgres uses the index of terms and sorts.
  const order = options.isSparse ? Prisma.sql`position + 0` : Prisma.sql`position`;
  return Prisma.sql`
    SELECT ${PRODUCT_COLUMNS} FROM products WHERE ${and(conditions)}
    ORDER BY ${order} ${isForward ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${options.limit}`;
};

/**
 * Finds up to `limit` products that match `conditions`, newest first, or oldest first when read
 * backward. It reads block by block and stops when it has enough, so a term in every tenth product
 * costs the same at a million products as at ten thousand (docs/decisions/0007).
 */
export const searchInOrder = async (
  database: Database,
  range: Blocks,
  options: {
    conditions: readonly Prisma.Sql[];
    direction: Direction;
    limit: number;
    /** The position to start after; null for the first. */
    from: number | null;
  },
): Promise<readonly ProductRow[]> => {
  const { conditions, direction, limit, from } = options;
  const step = direction === 'FORWARD' ? -1 : 1;
  const [start, end] =
    direction === 'FORWARD'
      ? [range.newestBlock, range.oldestBlock]
      : [range.oldestBlock, range.newestBlock];
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
    // The position just before the next block, in the direction of reading.
    beyond = BigInt(direction === 'FORWARD' ? (next + 1) * BLOCK_SIZE : next * BLOCK_SIZE - 1);
  }
  return rows;
};
