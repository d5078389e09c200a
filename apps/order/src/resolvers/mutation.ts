import { getViewer, readId, toResult } from '@cartograph/subgraph';
import type { Order } from '../domain/order.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toOrder = (order: Order) => ({ ...order, __typename: 'Order' as const });

export const Mutation: MutationResolvers = {
  createOrder: async (_, { input }, context) => {
    const customer = { id: getViewer(context).id, address: context.client.address };
    return toResult(await context.orders.createOrder(customer, input), toOrder);
  },

  payOrder: async (_, { input }, context) =>
    toResult(await context.orders.payOrder(getViewer(context).id, input), toOrder),

  cancelOrder: async (_, { input }, context) =>
    toResult(await context.orders.cancelOrder(getViewer(context), input), toOrder),

  updateOrderStatus: async (_, { input }, context) =>
    toResult(await context.orders.updateOrderStatus(getViewer(context).id, input), toOrder),

  paymentDecided: (_, { orderId }, { orders }) => orders.paymentDecided(readId(orderId, 'orderId')),
};
