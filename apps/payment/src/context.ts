import { type RequestContext, makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { Payment } from './domain/payment.ts';
import type { PaymentReader } from './domain/payment-store.ts';
import type { Payments } from './domain/payments.ts';
import type { ProviderEvents } from './domain/provider-events.ts';
import type { Refund } from './domain/refund.ts';
import type { Refunds } from './domain/refunds.ts';

/** The loaders of one request. */
export const makeLoaders = (reader: PaymentReader) => ({
  paymentById: makeBatchLoader<Payment>(reader.findPayments, (payment) => payment.id),
  paymentsByOrderId: makeGroupLoader<Payment>(
    reader.findPaymentsOfOrders,
    (payment) => payment.orderId,
  ),
  refundsByPaymentId: makeGroupLoader<Refund>(
    reader.findRefundsOfPayments,
    (refund) => refund.paymentId,
  ),
});

/** The context of a request to the payment subgraph. */
export type Context = RequestContext & {
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly events: ProviderEvents;
  readonly loaders: ReturnType<typeof makeLoaders>;
};
