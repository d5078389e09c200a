import { mayActFor } from '@cartograph/auth';
import { idCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import { readId } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  order: async (_, { id }, { viewer, loaders }) => {
    const order = await loaders.orderById.load(readId(id));
    return order && mayActFor(viewer, order.userId) ? order : null;
  },

  orders: async (_, { status, ...args }, { orders }) => {
    const request = readPageRequest(args, idCursors);
    const page = await orders.listOrders({ status }, request);
    return makeConnection(page, request, (order) => order.id, idCursors);
  },
};
