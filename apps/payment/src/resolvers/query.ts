import { mayActFor } from '@cartograph/auth';
import { readId } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  payment: async (_, { id }, { viewer, loaders }) => {
    const payment = await loaders.paymentById.load(readId(id));
    return payment && mayActFor(viewer, payment.userId) ? payment : null;
  },

  paymentMethods: (_, _args, { payments }) => payments.listMethods(),

  paymentStatus: (_, { orderId, attempt }, { payments }) =>
    payments.findAttempt(readId(orderId, 'orderId'), attempt),
};
