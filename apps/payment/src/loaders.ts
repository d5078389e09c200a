import { makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { Payment } from './domain/payment.ts';
import type { Payments } from './domain/payments.ts';

/** The loaders of one request. */
export const makeLoaders = (payments: Payments) => ({
  paymentById: makeBatchLoader<Payment>(payments.findPayments, (payment) => payment.id),
  paymentsByOrderId: makeGroupLoader<Payment>(
    payments.findPaymentsOfOrders,
    (payment) => payment.orderId,
  ),
});

export type Loaders = ReturnType<typeof makeLoaders>;
