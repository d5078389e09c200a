import { readRows, type Reads } from '@cartograph/postgres';
import { PRODUCT_COLUMNS, type ProductRow } from './rows.ts';

const FIND = `/* product.find */
SELECT ${PRODUCT_COLUMNS.text} FROM products WHERE id = ANY($1::uuid[])`;

const FIND_BY_SKU = `/* product.find_by_sku */
SELECT ${PRODUCT_COLUMNS.text} FROM products WHERE sku = ANY($1::text[])`;

/** The rows with these ids, in any order. */
export const findProductRows = (
  reads: Reads,
  ids: readonly string[],
): Promise<readonly ProductRow[]> => readRows(reads, { text: FIND, values: [ids] });

/** The rows with these SKUs, in any order. */
export const findProductRowsBySku = (
  reads: Reads,
  skus: readonly string[],
): Promise<readonly ProductRow[]> => readRows(reads, { text: FIND_BY_SKU, values: [skus] });
