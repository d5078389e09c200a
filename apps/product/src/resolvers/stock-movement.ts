import type { StockMovementResolvers } from '../generated/resolvers.ts';

export const StockMovement: StockMovementResolvers = {
  product: async ({ productId }, _args, { loaders }) => {
    const product = await loaders.productById.load(productId);
    if (!product) throw new Error('the ledger names a product that is gone');
    return product;
  },
};
