import { ShopError } from '@cartograph/errors';
import {
  makeKeyCursors,
  makeTwoWayConnection,
  readPageRequest,
  readTwoWayPageRequest,
} from '@cartograph/pagination';
import { findViewer, readId, readText } from '@cartograph/subgraph';
import { MAX_SKU } from '../domain/product-input.ts';
import { chooseSort } from '../domain/product-list.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { once } from './product-page.ts';
import { productCursors } from './product-cursors.ts';

const movementCursors = makeKeyCursors<readonly [string]>('MOVEMENTS', ([id]) =>
  typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id) ? [id] : null,
);

export const Query: QueryResolvers = {
  product: (_, { id, sku }, { loaders }) => {
    if (typeof id === 'string' && typeof sku !== 'string')
      return loaders.productById.load(readId(id));
    if (typeof sku === 'string' && typeof id !== 'string') {
      return loaders.productBySku.load(readText(sku, 'sku', MAX_SKU));
    }
    throw new ShopError('BAD_USER_INPUT', 'give either id or sku');
  },

  products: async (_, { filter: given, sort: asked, ...args }, context) => {
    const { products } = context;
    const filter = given ?? {};
    if (filter.archived && findViewer(context)?.role !== 'ADMIN') throw new ShopError('FORBIDDEN');
    const sort = chooseSort(filter, asked);
    const cursors = productCursors(sort);
    const page = readTwoWayPageRequest(args, cursors);
    const listed = await products.listProducts({ filter, sort, page });
    const connection = makeTwoWayConnection(
      listed,
      page,
      { nodeOf: ({ product }) => product, keyOf: ({ key }) => key },
      cursors,
    );
    return { ...connection, countAll: once(() => products.countProducts(filter)) };
  },

  categories: (_, _args, { products }) => products.listCategories(),

  stockMovements: async (_, { productId, orderId, ...args }, { ledger, loaders }) => {
    const request = readPageRequest(args, movementCursors);
    const page = await ledger.listMovements(
      {
        ...(typeof productId === 'string' && { productId: readId(productId, 'productId') }),
        ...(typeof orderId === 'string' && { orderId: readId(orderId, 'orderId') }),
      },
      { first: request.first, after: request.after?.[0] ?? null },
    );
    const lines = page.rows.flatMap(({ movement }) => (movement ? [movement] : []));
    const products = await loaders.productById.loadMany(lines.map(({ productId }) => productId));
    const shown = new Set(lines.filter((_line, index) => products[index] !== null));
    return makeTwoWayConnection(
      page,
      { direction: 'FORWARD', size: request.first, from: request.after },
      {
        // Without its product a line can't be written: the schema promises one.
        nodeOf: ({ movement }) => (movement && shown.has(movement) ? movement : null),
        keyOf: ({ id }) => [id] as const,
      },
      movementCursors,
    );
  },
};
