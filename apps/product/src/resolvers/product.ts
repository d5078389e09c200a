import type { ProductResolvers } from '../generated/resolvers.ts';

export const Product: ProductResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference
      ? loaders.productById.load(reference.id)
      : loaders.productBySku.load(reference.sku),
};
