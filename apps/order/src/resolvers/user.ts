import { mayActFor } from '@cartograph/auth';
import { idCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import type { UserResolvers } from '../generated/resolvers.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),

  orders: async ({ id }, { status, ...args }, { viewer, orders }) => {
    if (!mayActFor(viewer, id)) return null;
    const request = readPageRequest(args, idCursors);
    const page = await orders.listOrders({ userId: id, status }, request);
    return makeConnection(page, request, (order) => order.id, idCursors);
  },
};
