import { getViewer, toResult } from '@cartograph/subgraph';
import type { Order } from '../domain/order.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toOrder = (order: Order) => ({ ...order, __typename: 'Order' as const });

export const Mutation: MutationResolvers = {
  createOrder: async (_, { input }, context) =>
    toResult(await context.orders.createOrder(getViewer(context).id, input), toOrder),

  payOrder: async (_, { input }, context) =>
    toResult(await context.orders.payOrder(getViewer(context).id, input), toOrder),
};
