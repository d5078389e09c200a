import type { ServiceClient } from '@cartograph/resilience';
import type { OrderService } from '../domain/settlement.ts';
import { PaymentDecidedDocument } from '../generated/order.ts';

/** Makes the order service as this one calls it: by signed GraphQL. */
export const makeRemoteOrderService = (order: ServiceClient): OrderService => ({
  notifySettled: async (orderId) => {
    // The result is null for an order that does not exist, which needs no notification.
    await order.request(PaymentDecidedDocument, { orderId });
  },
});
