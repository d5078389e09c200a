import { argumentError, ShopError } from '@cartograph/errors';
import { makeConnection, readPageRequest } from '@cartograph/pagination';
import { readId, readText, requireAccess } from '@cartograph/subgraph';
import { MAX_SKU } from '../domain/input.ts';
import { chooseSort } from '../domain/product-list.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { once, productCursors } from './product.ts';
import { stockMovements } from './stock-movement.ts';

/** As many lines as an order has. */
const MAX_OFFERS = 100;

export const Query: QueryResolvers = {
  product: (_, { id, sku }, { loaders }) => {
    if (typeof id === 'string' && typeof sku !== 'string')
      return loaders.productById.load(readId(id));
    if (typeof sku === 'string' && typeof id !== 'string') {
      return loaders.productBySku.load(readText(sku, 'sku', MAX_SKU));
    }
    throw new ShopError('BAD_USER_INPUT', 'give either id or sku');
  },

  products: async (_, { filter: givenFilter, sort: givenSort, ...args }, context) => {
    const { products } = context;
    const filter = givenFilter ?? {};
    if (filter.archived) requireAccess('ADMIN', context);
    const sort = chooseSort(filter, givenSort);
    const cursors = productCursors(sort);
    const page = readPageRequest(args, cursors);
    const connection = makeConnection(
      await products.listProducts({ filter, sort, page }),
      page,
      { nodeOf: ({ product }) => product, keyOf: ({ key }) => key },
      cursors,
    );
    return { ...connection, countAll: once(() => products.countProducts(filter)) };
  },

  categories: (_, _args, { products }) => products.listCategories(),

  stockMovements,

  offers: async (_, { ids }, { products }) => {
    if (ids.length > MAX_OFFERS)
      throw argumentError('ids', `must have ${MAX_OFFERS} items or fewer`);
    const found = await products.findProducts(ids.map((id) => readId(id, 'ids')));
    return found.filter(({ archivedAt }) => archivedAt === null);
  },
};
