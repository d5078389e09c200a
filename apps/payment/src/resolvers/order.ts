import { mayActFor } from '@cartograph/auth';
import { readId } from '@cartograph/subgraph';
import type { OrderResolvers } from '../generated/resolvers.ts';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => ({ id }),

  payments: async ({ id }, _args, { viewer, loaders }) => {
    const payments = await loaders.paymentsByOrderId.load(readId(id));
    return payments.filter((payment) => mayActFor(viewer, payment.userId));
  },
};
