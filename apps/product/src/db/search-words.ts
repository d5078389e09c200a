import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** What a text means to this catalogue, and where the catalogue begins and ends. */
export type Search = {
  /** The tsquery: each word as one of the words that products have; null when one has none. */
  readonly query: string | null;
  /** The blocks of the newest and of the oldest product. */
  readonly newestBlock: number;
  readonly oldestBlock: number;
};

/** Words that a word which is only begun may become: the shortest, which are the nearest. */
const MAX_COMPLETIONS = 50;

/** Words that a word may have been meant as when no product has it. */
const MAX_CORRECTIONS = 3;

/** Shorter words are begun by too many. */
const MIN_COMPLETED = 2;

/** Shorter words are too easily another one, and article numbers (what has digits) are always. */
const CORRECTABLE = '^[^0-9]{4,40}$';

/** From this length on a word may have two wrong letters, or two exchanged; before, one. */
const LONG_WORD = 6;

/** A lexeme in a tsquery: quotes and backslashes are doubled (PostgreSQL, section 8.11.2). */
const quoteLexeme = (word: string): string =>
  `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

type WordRow = { words: string[]; newest: number | null; oldest: number | null };

/** The last character there is: whatever begins with a text comes before the text and this. */
const LAST = '\u{10ffff}';

/** As a range, which an index in the order of bytes can read; `^@` only does with a constant. */
const beginsWith = (start: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`search_words.word >= ${start} AND search_words.word < ${start} || ${LAST}`;

/**
 * The words most like `meant.word`: by letters (Levenshtein), among those that begin with the same
 * letter or share three-letter pieces with it, both of which an index finds.
 */
const corrections = Prisma.sql`
  SELECT near.word FROM (
    SELECT word FROM search_words
    WHERE ${beginsWith(Prisma.sql`left(meant.word, 1)`)}
    UNION
    SELECT word FROM search_words WHERE search_words.word % meant.word
  ) AS near
  CROSS JOIN LATERAL (
    SELECT CASE WHEN length(meant.word) < ${LONG_WORD} THEN 1 ELSE 2 END AS allowed
  ) AS mistakes
  CROSS JOIN LATERAL (
    SELECT CASE WHEN abs(length(near.word) - length(meant.word)) <= mistakes.allowed
      THEN levenshtein_less_equal(near.word, meant.word, mistakes.allowed) END AS made
  ) AS letters
  WHERE meant.word ~ ${CORRECTABLE} AND letters.made <= mistakes.allowed
  ORDER BY letters.made, similarity(near.word, meant.word) DESC, near.word
  LIMIT ${MAX_CORRECTIONS}`;

/**
 * The SQL that reads a client's text by the catalogue's own words. The text is parsed by Postgres:
 * it has no operators. Exported for the test that holds it to its indexes.
 */
export const wordsQuery = (text: string): Prisma.Sql => Prisma.sql`
    WITH asked AS (
      SELECT lexeme COLLATE "C" AS word, positions[array_upper(positions, 1)] =
        max(positions[array_upper(positions, 1)]) OVER () AS is_last
      FROM unnest(to_tsvector('catalogue', ${text}))
    ),
    blocks AS (
      SELECT (SELECT search_block FROM products ORDER BY position DESC LIMIT 1) AS newest,
        (SELECT search_block FROM products ORDER BY position LIMIT 1) AS oldest
    ),
    meant AS (
      SELECT asked.word, ARRAY(
        SELECT asked.word WHERE asked.word ~ '[0-9]'
        UNION
        SELECT word FROM search_words WHERE search_words.word = asked.word
        UNION
        (SELECT word FROM search_words
         WHERE asked.is_last AND length(asked.word) >= ${MIN_COMPLETED}
           AND ${beginsWith(Prisma.sql`asked.word`)}
         ORDER BY length(word), word LIMIT ${MAX_COMPLETIONS})
      ) AS words
      FROM asked
    )
    SELECT newest, oldest, CASE
      WHEN words IS NULL OR cardinality(words) > 0 THEN coalesce(words, '{}')
      ELSE ARRAY(${corrections})
      END AS words
    FROM blocks LEFT JOIN meant ON true`;

/** Reads a client's text: what is looked for in the index are then whole words only, and few. */
export const readSearch = async (database: Database, text: string): Promise<Search> => {
  const rows = await database.$queryRaw<WordRow[]>(wordsQuery(text));
  const { newest = null, oldest = null } = rows[0] ?? {};
  const isFindable = newest !== null && rows.every((row) => row.words.length > 0);
  return {
    query: isFindable
      ? rows.map((row) => `(${row.words.map(quoteLexeme).join(' | ')})`).join(' & ')
      : null,
    newestBlock: newest ?? 0,
    oldestBlock: oldest ?? 0,
  };
};

/** The products with all the words of a tsquery. */
export const hasWords = (query: string): Prisma.Sql => Prisma.sql`all_words @@ ${query}::tsquery`;

/** The products with all the words of a tsquery in their names. */
export const hasWordsInName = (query: string): Prisma.Sql =>
  Prisma.sql`name_words @@ ${query}::tsquery`;
