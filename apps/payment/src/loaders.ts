import { makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { PaymentReader } from './db/rows.ts';
import type { Payment } from './domain/payment.ts';
import type { Refund } from './domain/refund.ts';

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

export type Loaders = ReturnType<typeof makeLoaders>;
