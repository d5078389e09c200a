import { readId, readText } from '@cartograph/subgraph';
import { MAX_SKU } from '../domain/product-input.ts';
import type { ProductResolvers } from '../generated/resolvers.ts';

export const Product: ProductResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.productById.load(readId(reference.id))
      : loaders.productBySku.load(readText(reference.sku, 'sku', MAX_SKU)),
};
