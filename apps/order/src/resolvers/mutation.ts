import { ShopError } from '@cartograph/errors';
import { toResult } from '@cartograph/subgraph';
import type { Context } from '../context.ts';
import type { Order } from '../domain/order.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toOrder = (order: Order) => ({ ...order, __typename: 'Order' as const });

const viewerId = ({ viewer }: Context): string => {
  if (!viewer) throw new ShopError('UNAUTHENTICATED');
  return viewer.id;
};

export const Mutation: MutationResolvers = {
  createOrder: async (_, { input }, context) =>
    toResult(await context.orders.createOrder(viewerId(context), input), toOrder),

  payOrder: async (_, { input }, context) =>
    toResult(await context.orders.payOrder(viewerId(context), input), toOrder),
};
