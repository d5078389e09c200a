import { mayActFor } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { idCursors, readPageRequest } from '@cartograph/pagination';
import { readId, readText, toResult } from '@cartograph/subgraph';
import { MAX_NUMBER_LENGTH, parseOrderNumber } from '../domain/order-number.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { connectOrders } from './user.ts';

export const Query: QueryResolvers = {
  order: async (_, { id, number }, { viewer, loaders }) => {
    if ((typeof id === 'string') === (typeof number === 'string')) {
      throw new ShopError('BAD_USER_INPUT', 'give either id or number');
    }
    const parsed = parseOrderNumber(readText(number ?? '', 'number', MAX_NUMBER_LENGTH));
    const order =
      typeof id === 'string'
        ? await loaders.orderById.load(readId(id))
        : parsed && (await loaders.orderByNumber.load(String(parsed)));
    return order && mayActFor(viewer, order.userId) ? order : null;
  },

  orders: async (_, { status, ...args }, { orders }) => {
    const request = readPageRequest(args, idCursors);
    return connectOrders(await orders.listOrders({ status }, request), request);
  },

  orderPreview: async (_, { items }, { orders }) =>
    toResult(await orders.previewOrder({ items }), (preview) => ({
      ...preview,
      __typename: 'OrderPreview' as const,
    })),
};
