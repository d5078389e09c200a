import { types, type Pool } from 'pg';

/** What runs a read: a pool of makeDatabasePool. */
export type Reads = Pick<Pool, 'query'>;

/** A statement; `Prisma.Sql` is one. */
export type Statement = { readonly text: string; readonly values: readonly unknown[] };

const INT8: number = types.builtins.INT8;
const TIMESTAMPTZ: number = types.builtins.TIMESTAMPTZ;

type Parser = (text: string) => unknown;

const parserOf = (oid: number, format?: 'text' | 'binary'): Parser => {
  const parser: unknown = types.getTypeParser(oid, format);
  return parser as Parser;
};

/** How Postgres writes a time in UTC: `2026-11-30 20:04:33.123456+00`. */
const UTC_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/** pg reads `infinity` as a number; Prisma, and so the rest of the code, as a date that is not valid. */
const parseDate = (text: string): Date => {
  // The usual text is read by Date, which is faster.
  if (UTC_TIME.test(text)) return new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`);
  const date = parserOf(TIMESTAMPTZ)(text);
  return date instanceof Date ? date : new Date(NaN);
};

const PRISMA_TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parser => {
    if (oid === INT8) return BigInt;
    return oid === TIMESTAMPTZ ? parseDate : parserOf(oid, format);
  },
};

/**
 * Runs one statement. It costs the process a third of what a query of Prisma's client does.
 * @returns its rows, with values of the types that Prisma has: a bigint is a BigInt. Enums are texts,
 *   also those that this version does not know: see makeEnumReader
 */
export const readRows = async <Row extends object>(
  reads: Reads,
  { text, values }: Statement,
): Promise<readonly Row[]> => {
  const { rows } = await reads.query<Row>({ text, values: [...values], types: PRISMA_TYPES });
  return rows;
};
