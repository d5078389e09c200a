import type { OrderRecord, PaymentRecord, ReservationRecord } from './records.ts';

/**
 * What the services record differently. The names are printed.
 * - `payment missing`: the order was being paid, and the payment service knows nothing of it
 * - `paid, not confirmed`: there is money for an order that is not paid and will not be checked
 * - `not refunded`: there is money for a cancelled order, and no refund is planned
 * - `not paid`: a confirmed order has a payment that took no money
 * - `amount differs`: the payment is not about the total of its order
 * - `reservation missing`: an order that is not cancelled has no reservation
 * - `stock not sold`: the stock of a confirmed order counts as sold, and is not
 * - `stock not released`: the stock of a cancelled order was sold, and no payment explains it
 * - `order missing`: money was taken for an order that the order service does not know
 * - `sold without order`: stock was sold for such an order, and no money was taken for it
 */
export type DifferenceKind =
  | 'payment missing'
  | 'paid, not confirmed'
  | 'not refunded'
  | 'not paid'
  | 'amount differs'
  | 'reservation missing'
  | 'stock not sold'
  | 'stock not released'
  | 'order missing'
  | 'sold without order';

export type Difference = { readonly kind: DifferenceKind; readonly orderId: string };

/** Nothing that is left to do will find out about the payment. */
const isPaymentSettled = ({ isStarted, outcome }: OrderRecord): boolean =>
  !isStarted || outcome !== null;

/** What is wrong about the money of an order; null when nothing is. */
const judgeMoney = (order: OrderRecord, payment: PaymentRecord | null): DifferenceKind | null => {
  if (!payment) return order.isStarted && order.outcome !== 'NONE' ? 'payment missing' : null;
  if (payment.amount !== order.total || payment.currency !== order.currency) {
    return 'amount differs';
  }
  if (!isPaymentSettled(order)) return null;
  switch (order.status) {
    case 'PENDING':
      return payment.isCaptured ? 'paid, not confirmed' : null;
    case 'CANCELLED':
      return payment.isKept && !order.isRefundPlanned ? 'not refunded' : null;
    case 'CONFIRMED':
      return payment.isCaptured || payment.status === 'PROCESSING' ? null : 'not paid';
  }
};

/** What is wrong about the stock of an order; null when nothing is. */
const judgeStock = (
  order: OrderRecord,
  reservation: ReservationRecord | null,
): DifferenceKind | null => {
  switch (order.status) {
    case 'PENDING':
      return reservation ? null : 'reservation missing';
    case 'CONFIRMED':
      if (!reservation) return 'reservation missing';
      return order.isStockSettled && reservation.status !== 'COMMITTED' ? 'stock not sold' : null;
    case 'CANCELLED':
      // One that is still held expires.
      return order.isStockSettled && reservation?.status === 'COMMITTED'
        ? 'stock not released'
        : null;
  }
};

/**
 * Compares the records of one order. What the shop completes by itself is no difference: a step that is
 * due, a pending payment, a hold that expires.
 */
export const judgeOrder = (
  order: OrderRecord,
  payment: PaymentRecord | null,
  reservation: ReservationRecord | null,
): readonly Difference[] =>
  [judgeMoney(order, payment), judgeStock(order, reservation)]
    .filter((kind) => kind !== null)
    .map((kind) => ({ kind, orderId: order.id }));
