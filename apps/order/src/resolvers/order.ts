import { mayActFor } from '@cartograph/auth';
import { multiplyAmount, type Money } from '@cartograph/money';
import { readId } from '@cartograph/subgraph';
import { formatOrderNumber } from '../domain/order-number.ts';
import { canCancel, canPay } from '../domain/order.ts';
import type {
  OrderItemResolvers,
  OrderPreviewItemResolvers,
  OrderResolvers,
} from '../generated/resolvers.ts';

export const Order: OrderResolvers = {
  __resolveReference: async ({ id }, { viewer, loaders }) => {
    const order = await loaders.orderById.load(readId(id));
    return order && mayActFor(viewer, order.userId) ? order : null;
  },

  items: ({ items }, _, { countItems }) => {
    countItems(items.length);
    return items;
  },

  number: ({ number }) => formatOrderNumber(number),

  canPay: (order, _, { viewer }) => viewer?.id === order.userId && canPay(order, new Date()),

  canCancel: (order, _, { viewer }) => mayActFor(viewer, order.userId) && canCancel(order),

  // Also in the result of a mutation that was repeated: who may read the order may read it.
  deliveryAddress: ({ id, hasAddress }, _, { loaders }) =>
    hasAddress === false ? null : loaders.addressByOrder.load(id),

  paymentStatus: ({ paymentStatus }) => paymentStatus ?? null,
  paymentId: ({ paymentId }) => paymentId ?? null,

  customer: ({ userId }) => ({ id: userId }),

  history: ({ id }, _, { loaders }) => loaders.historyByOrder.load(id),
};

/** What lines have in common, of an order and of a preview. */
const line = {
  lineTotal: ({ unitPrice, quantity }: { unitPrice: Money; quantity: number }): Money => {
    const amount = multiplyAmount(unitPrice.amount, quantity);
    if (amount === null) throw new Error('the total of a line is not a safe integer');
    return { amount, currency: unitPrice.currency };
  },

  product: ({ productId }: { productId: string }) => ({ id: productId }),
};

export const OrderItem: OrderItemResolvers = line;

export const OrderPreviewItem: OrderPreviewItemResolvers = line;
