import { makeKeyCursors, type CursorCodec } from '@cartograph/pagination';
import { readId, readText } from '@cartograph/subgraph';
import { MAX_SKU } from '../domain/input.ts';
import { readProductKey, type ProductKey, type ProductSort } from '../domain/product-list.ts';
import type { ProductConnectionResolvers, ProductResolvers } from '../generated/resolvers.ts';

export const Product: ProductResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.productById.load(readId(reference.id))
      : loaders.productBySku.load(readText(reference.sku, 'sku', MAX_SKU)),

  images: ({ images }) => images.map((url) => ({ url })),
};

export const ProductConnection: ProductConnectionResolvers = {
  totalCount: async ({ countAll }) => (await countAll()).count,
  totalCountExceeded: async ({ countAll }) => (await countAll()).isExceeded,
};

/** The cursors of the product list in one order. A cursor of another order is not valid. */
export const productCursors = (sort: ProductSort): CursorCodec<ProductKey> =>
  makeKeyCursors<ProductKey>(sort, (values) => readProductKey(sort, values));

/** Computes the value on the first call and caches it. */
export const once = <Value>(compute: () => Value): (() => Value) => {
  let cached: { readonly value: Value } | null = null;
  return () => (cached ??= { value: compute() }).value;
};
