import type { PaymentOutcome } from './payment-client.ts';
import { expiryOf, nextPoll, paymentTimeoutOf } from './order-times.ts';
import type { CancellationReason, Order } from './order.ts';

/** What is stored of the work on an order. */
export type OrderWork = {
  /** When a payment was first requested. */
  readonly paymentStartedAt: Date | null;
  /** How the payment ended; null while it is not known. */
  readonly paymentOutcome: string | null;
  /** When the stock was sold or released, as the status says. */
  readonly stockSettledAt: Date | null;
  /** When a cancelled order turned out to be paid. */
  readonly refundOwedAt: Date | null;
  /** When its refund was requested. */
  readonly refundedAt: Date | null;
};

/** An order with its work, and the database's time at which they were read. */
export type OrderState = {
  readonly order: Order;
  readonly work: OrderWork;
  readonly now: Date;
};

/** The `paymentOutcome` of an order whose attempt was closed before it was charged. */
export const NO_PAYMENT = 'NONE';

/** The next thing to do for an order: a call to one peer at most, and one write. */
export type NextStep =
  /** Request the refund of a cancelled order that was paid. */
  | { readonly step: 'REFUND' }
  /** Commit the reservation of a confirmed order, or release that of a cancelled one. */
  | { readonly step: 'SETTLE_STOCK' }
  /** Ask the payment service for the outcome of a payment that was started. */
  | { readonly step: 'CHECK_PAYMENT' }
  /** Cancel an order for which no payment was started in time. */
  | { readonly step: 'EXPIRE' }
  | { readonly step: 'WAIT'; readonly until: Date };

/**
 * Decides the next step of an order.
 * A refund comes first: only this step requests it. Stock that is not released in time is released by
 * the product service when the reservation expires.
 * @returns null when nothing is left to do
 */
export const nextStep = ({ order, work, now }: OrderState): NextStep | null => {
  if (work.refundOwedAt && !work.refundedAt) return { step: 'REFUND' };
  if (order.status !== 'PENDING' && !work.stockSettledAt) return { step: 'SETTLE_STOCK' };
  if (work.paymentStartedAt && work.paymentOutcome === null) return { step: 'CHECK_PAYMENT' };
  if (order.status !== 'PENDING') return null;
  const expiry = expiryOf(order);
  return expiry <= now ? { step: 'EXPIRE' } : { step: 'WAIT', until: expiry };
};

/**
 * Whether an attempt without a payment must be closed now, so that it is not charged later: its order
 * has ended, or is about to expire. A closed attempt counts as no payment.
 */
export const mustClosePayment = ({ order, work, now }: OrderState): boolean =>
  work.paymentStartedAt !== null && (order.status !== 'PENDING' || expiryOf(order) <= now);

/** What a change tells about the payment of its order. */
export type PaymentKnowledge = {
  /** The result of the payment, when it moves the order: `SUCCEEDED`, or the reason of the decline. */
  readonly paymentResult?: string;
  /** How the payment ended, when that is not in the history: NO_PAYMENT. */
  readonly paymentOutcome?: string;
};

/** What the outcome of a payment means for its order. */
export type PaymentEffect =
  | { readonly effect: 'CONFIRM'; readonly payment: { readonly paymentResult: string } }
  | {
      readonly effect: 'CANCEL';
      readonly reason: Extract<CancellationReason, 'PAYMENT_FAILED' | 'EXPIRED'>;
      /** Nothing when the payment must be checked again: it may still succeed, or was refunded. */
      readonly payment: PaymentKnowledge;
    }
  /** The order was cancelled, and its payment captured money. */
  | { readonly effect: 'OWE_REFUND' }
  /** The order has ended; only the outcome is new. */
  | { readonly effect: 'RECORD_OUTCOME'; readonly outcome: string }
  | { readonly effect: 'WAIT'; readonly until: Date };

/**
 * Decides what an outcome means for an order.
 * @param outcome null when there is no payment
 */
export const effectOf = (
  { order, now }: Pick<OrderState, 'order' | 'now'>,
  outcome: PaymentOutcome | null,
): PaymentEffect => {
  const isPending = order.status === 'PENDING';
  switch (outcome?.status) {
    case undefined:
      if (!isPending) return { effect: 'RECORD_OUTCOME', outcome: NO_PAYMENT };
      if (expiryOf(order) <= now) {
        return { effect: 'CANCEL', reason: 'EXPIRED', payment: { paymentOutcome: NO_PAYMENT } };
      }
      // A request may be slower than its timeout: its payment can still appear.
      return { effect: 'WAIT', until: earlier(nextPoll(order, now), expiryOf(order)) };
    case 'PROCESSING':
      // A pending payment may still succeed: then it confirms the order, or is refunded.
      return isPending && paymentTimeoutOf(order) <= now
        ? { effect: 'CANCEL', reason: 'EXPIRED', payment: {} }
        : { effect: 'WAIT', until: nextPoll(order, now) };
    case 'SUCCEEDED':
    case 'REFUNDED':
      if (!isPending) {
        // The bank may return a refund that was made: only a debt has it made again.
        return order.status === 'CANCELLED'
          ? { effect: 'OWE_REFUND' }
          : { effect: 'RECORD_OUTCOME', outcome: outcome.status };
      }
      // A refunded payment does not pay the order. The check of the cancelled order owes its refund.
      return outcome.status === 'SUCCEEDED'
        ? { effect: 'CONFIRM', payment: { paymentResult: outcome.status } }
        : { effect: 'CANCEL', reason: 'PAYMENT_FAILED', payment: {} };
    case 'FAILED':
      return isPending
        ? { effect: 'CANCEL', reason: 'PAYMENT_FAILED', payment: { paymentResult: outcome.reason } }
        : { effect: 'RECORD_OUTCOME', outcome: outcome.reason };
  }
};

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
