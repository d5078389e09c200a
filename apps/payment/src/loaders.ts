import { makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { Payment } from './domain/payment.ts';
import type { Payments } from './domain/payments.ts';
import type { Refund } from './domain/refund.ts';
import type { Refunds } from './domain/refunds.ts';

/** The loaders of one request. */
export const makeLoaders = (payments: Payments, refunds: Refunds) => ({
  paymentById: makeBatchLoader<Payment>(payments.findPayments, (payment) => payment.id),
  paymentsByOrderId: makeGroupLoader<Payment>(
    payments.findPaymentsOfOrders,
    (payment) => payment.orderId,
  ),
  refundsByPaymentId: makeGroupLoader<Refund>(
    refunds.findRefundsOfPayments,
    (refund) => refund.paymentId,
  ),
});

export type Loaders = ReturnType<typeof makeLoaders>;
