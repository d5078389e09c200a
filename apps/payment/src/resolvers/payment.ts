import { mayActFor } from '@cartograph/auth';
import { readId } from '@cartograph/subgraph';
import type { PaymentResolvers } from '../generated/resolvers.ts';

export const Payment: PaymentResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const payment = await loaders.paymentById.load(readId(id));
    return payment && mayActFor(viewer, payment.userId) ? payment : null;
  },

  refunds: ({ id }, _args, { loaders }) => loaders.refundsByPaymentId.load(id),

  order: ({ orderId }) => ({ id: orderId }),
};
