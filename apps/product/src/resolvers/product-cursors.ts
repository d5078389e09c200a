import { makeKeyCursors, type CursorCodec } from '@cartograph/pagination';
import { z } from 'zod';
import type { ProductKey, ProductKeys, ProductSort } from '../domain/product-list.ts';

const position = z.int().positive();
const byPrice = z.tuple([z.int().nonnegative(), z.uuid()]);
/** Postgres can't hold a NUL, so no product of ours is called so. */
const name = z
  .string()
  .max(200)
  .refine((value) => !value.includes('\0'));

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
