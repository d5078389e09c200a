import { readId, readText } from '@cartograph/subgraph';
import type { ProductResolvers } from '../generated/resolvers.ts';

export const Product: ProductResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.productById.load(readId(reference.id))
      : loaders.productBySku.load(readText(reference.sku, 'sku')),
};
