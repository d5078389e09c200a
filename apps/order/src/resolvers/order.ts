import { mayActFor } from '@cartograph/auth';
import { multiplyAmount } from '@cartograph/money';
import { readId } from '@cartograph/subgraph';
import type { OrderItemResolvers, OrderResolvers } from '../generated/resolvers.ts';

/** Numbers start here, so that they do not show how many orders there are. */
const FIRST_NUMBER = 100_000;

export const Order: OrderResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const order = await loaders.orderById.load(readId(id));
    return order && mayActFor(viewer, order.userId) ? order : null;
  },

  number: ({ number }) => `C-${FIRST_NUMBER + number}`,

  paymentStatus: ({ paymentStatus }) => paymentStatus ?? null,

  customer: ({ userId }) => ({ id: userId }),

  history: ({ id }, _, { loaders }) => loaders.historyByOrder.load(id),
};

export const OrderItem: OrderItemResolvers = {
  lineTotal: ({ unitPrice, quantity }) => {
    const amount = multiplyAmount(unitPrice.amount, quantity);
    if (amount === null) throw new Error('the total of a stored line is not a safe integer');
    return { amount, currency: unitPrice.currency };
  },

  product: ({ productId }) => ({ id: productId }),
};
