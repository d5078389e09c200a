import type { ProductConnectionResolvers } from '../generated/resolvers.ts';

export const ProductConnection: ProductConnectionResolvers = {
  totalCount: async ({ countAll }) => (await countAll()).count,
  totalCountExceeded: async ({ countAll }) => (await countAll()).isExceeded,
};
