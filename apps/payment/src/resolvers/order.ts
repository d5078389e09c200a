import { mayActFor } from '@cartograph/auth';
import { readId } from '@cartograph/subgraph';
import { sumRefunded } from '../domain/refund.ts';
import type { OrderResolvers } from '../generated/resolvers.ts';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => ({ id }),

  payments: async ({ id }, _args, { viewer, loaders }) => {
    const payments = await loaders.paymentsByOrderId.load(readId(id));
    return payments.filter((payment) => mayActFor(viewer, payment.userId));
  },

  refundedTotal: async ({ id }, _args, { viewer, loaders }) => {
    const payments = await loaders.paymentsByOrderId.load(readId(id));
    const own = payments.filter((payment) => mayActFor(viewer, payment.userId));
    const refunds = await Promise.all(own.map((each) => loaders.refundsByPaymentId.load(each.id)));
    const [first] = own;
    return first ? sumRefunded(refunds.flat(), first.amount.currency) : null;
  },
};
