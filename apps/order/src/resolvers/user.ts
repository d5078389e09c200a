import { mayActFor } from '@cartograph/auth';
import { idCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import type { UserResolvers } from '../generated/resolvers.ts';

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),

  orders: async ({ id }, { status, ...args }, { viewer, loaders }) => {
    if (!mayActFor(viewer, id)) return null;
    const request = readPageRequest(args, idCursors);
    const page = await loaders.ordersOfCustomer.load({
      userId: id,
      status: status ?? null,
      page: request,
    });
    return makeConnection(page, request, (order) => order.id, idCursors);
  },
};
