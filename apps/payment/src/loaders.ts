import { makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { hideFaultyPayments } from './domain/display-fault.ts';
import type { Payment } from './domain/payment.ts';
import type { Refund } from './domain/refund.ts';

/** The loaders of one request. */
export const makeLoaders = (readable: ReturnType<typeof hideFaultyPayments>) => ({
  paymentById: makeBatchLoader<Payment>(readable.findPayments, (payment) => payment.id),
  paymentsByOrderId: makeGroupLoader<Payment>(
    readable.findPaymentsOfOrders,
    (payment) => payment.orderId,
  ),
  refundsByPaymentId: makeGroupLoader<Refund>(
    readable.findRefundsOfPayments,
    (refund) => refund.paymentId,
  ),
});

export type Loaders = ReturnType<typeof makeLoaders>;
