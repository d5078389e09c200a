import { mayActFor } from '@cartograph/auth';
import {
  idCursors,
  makeConnection,
  readPageRequest,
  type Page,
  type PageRequest,
} from '@cartograph/pagination';
import type { Order } from '../domain/order.ts';
import type { UserResolvers } from '../generated/resolvers.ts';

/** The connection of a page of orders. */
export const connectOrders = (page: Page<Order>, request: PageRequest<string>) =>
  makeConnection(
    page,
    request,
    { nodeOf: (order) => order, keyOf: (order) => order.id },
    idCursors,
  );

export const User: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),

  orders: async ({ id }, { status, ...args }, { viewer, loaders }) => {
    if (!mayActFor(viewer, id)) return null;
    const page = readPageRequest(args, idCursors);
    const orders = await loaders.ordersOfCustomer.load({
      userId: id,
      status: status ?? null,
      page,
    });
    return connectOrders(orders, page);
  },
};
