import { makeKeyCursors, type CursorCodec } from '@cartograph/pagination';
import { z } from 'zod';
import type { ProductKey, ProductKeys, ProductSort } from '../domain/product-list.ts';

/** A product's block, its position by 10,000, is a 32-bit integer. */
const MAX_POSITION = 2 ** 31 * 10_000 - 1;

const position = z.int().positive().max(MAX_POSITION);

const MAX_BIGINT = 2n ** 63n;

/** An amount that is not exact as a number: no price, but where a page may end all the same. */
const longAmount = z
  .string()
  // What follows can't read anything else.
  .regex(/^-?[1-9]\d{15,18}$/, { abort: true })
  .refine((digits) => BigInt(digits) < MAX_BIGINT && BigInt(digits) >= -MAX_BIGINT);

const byPrice = z.tuple([z.union([z.int(), longAmount]), z.uuid()]);
/** As much as a name has UTF-16 units at most: 200 characters, each of which may be a pair. */
const MAX_NAME_LENGTH = 400;

/** Postgres can hold neither a NUL nor half of a pair, so no product of ours is called so. */
const name = z
  .string()
  .max(MAX_NAME_LENGTH)
  .refine((value) => !value.includes('\0') && value.isWellFormed());

const KEYS: { readonly [Sort in ProductSort]: z.ZodType<ProductKeys[Sort]> } = {
  NEWEST: z.tuple([position]),
  PRICE_ASC: byPrice,
  PRICE_DESC: byPrice,
  NAME_ASC: z.tuple([name, z.uuid()]),
  RELEVANCE: z.tuple([z.union([z.literal(0), z.literal(1)]), position]),
};

/** The cursors of the catalogue in one order. One of another order is refused. */
export const productCursors = (sort: ProductSort): CursorCodec<ProductKey> =>
  makeKeyCursors<ProductKey>(sort, (values) => KEYS[sort].safeParse(values).data ?? null);
