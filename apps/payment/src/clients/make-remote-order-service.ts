import type { ServiceClient } from '@cartograph/resilience';
import type { OrderService } from '../domain/order-service.ts';
import { PaymentDecidedDocument } from '../generated/order.ts';

/** Tells the order service over HTTP. */
export const makeRemoteOrderService = (order: ServiceClient): OrderService => ({
  tellDecided: async (orderId) => {
    // Null for an order that it does not know: then there is nobody to tell.
    await order.request(PaymentDecidedDocument, { orderId });
  },
});
