import { types, type Pool } from 'pg';
import type { Prisma } from './generated/client.ts';
import { PRODUCT_COLUMNS, type ProductRow } from './rows.ts';

/** What runs a read: the pool of the catalogue. */
export type Reads = Pick<Pool, 'query'>;

const INT8: number = types.builtins.INT8;
const TIMESTAMPTZ: number = types.builtins.TIMESTAMPTZ;

type Parser = (text: string) => unknown;

const parserOf = (oid: number, format?: 'text' | 'binary'): Parser => {
  const parser: unknown = types.getTypeParser(oid, format);
  return parser as Parser;
};

/** pg reads `infinity` as a number; Prisma, and so the rest of the code, as a date that is not valid. */
const parseDate = (text: string): Date => {
  const date = parserOf(TIMESTAMPTZ)(text);
  return date instanceof Date ? date : new Date(NaN);
};

/** The types of a ProductRow, as Prisma has them. */
const PRODUCT_TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): Parser => {
    if (oid === INT8) return BigInt;
    return oid === TIMESTAMPTZ ? parseDate : parserOf(oid, format);
  },
};

/** Runs a statement that selects PRODUCT_COLUMNS. */
export const readProducts = async (
  reads: Reads,
  { text, values }: Pick<Prisma.Sql, 'text' | 'values'>,
): Promise<readonly ProductRow[]> => {
  const { rows } = await reads.query<ProductRow>({ text, values, types: PRODUCT_TYPES });
  return rows;
};

const FIND = `/* product.find */
SELECT ${PRODUCT_COLUMNS.text} FROM products WHERE id = ANY($1::uuid[])`;

const FIND_BY_SKU = `/* product.find_by_sku */
SELECT ${PRODUCT_COLUMNS.text} FROM products WHERE sku = ANY($1::text[])`;

/** The rows with these ids, in any order. */
export const findProductRows = (
  reads: Reads,
  ids: readonly string[],
): Promise<readonly ProductRow[]> => readProducts(reads, { text: FIND, values: [ids] });

/** The rows with these SKUs, in any order. */
export const findProductRowsBySku = (
  reads: Reads,
  skus: readonly string[],
): Promise<readonly ProductRow[]> => readProducts(reads, { text: FIND_BY_SKU, values: [skus] });
