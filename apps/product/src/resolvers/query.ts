import { ShopError } from '@cartograph/errors';
import { idCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import { readId, readText } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  product: (_, { id, sku }, { loaders }) => {
    if (typeof id === 'string' && typeof sku !== 'string')
      return loaders.productById.load(readId(id));
    if (typeof sku === 'string' && typeof id !== 'string') {
      return loaders.productBySku.load(readText(sku, 'sku'));
    }
    throw new ShopError('BAD_USER_INPUT', 'give either id or sku');
  },

  products: async (_, { filter, ...args }, { products }) => {
    const request = readPageRequest(args, idCursors);
    const page = await products.listProducts(filter ?? {}, request);
    return makeConnection(page, request, (product) => product.id, idCursors);
  },
};
