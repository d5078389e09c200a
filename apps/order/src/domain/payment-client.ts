import type { ValidationFailed } from '@cartograph/errors';
import type { Money } from '@cartograph/money';
import type { Order } from './order.ts';

/** An order has one payment attempt: a decline cancels the order. */
export const FIRST_ATTEMPT = 1;

/** The state of a payment attempt. */
export type PaymentOutcome =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'PROCESSING' }
  /** Captured, and refunded in full. */
  | { readonly status: 'REFUNDED' }
  | { readonly status: 'FAILED'; readonly reason: string };

/** The state of a payment attempt, and the id of its payment. */
export type IdentifiedOutcome = PaymentOutcome & { readonly paymentId: string };

/** A payment attempt of an order. */
export type PaymentAttempt = {
  readonly orderId: string;
  readonly attempt: number;
  readonly userId: string;
  readonly amount: Money;
};

/** The one payment attempt of an order. */
export const attemptOf = ({ id, userId, total }: Order): PaymentAttempt => ({
  orderId: id,
  attempt: FIRST_ATTEMPT,
  userId,
  amount: total,
});

/** The payment service. Every call may be repeated. @throws ShopError UNAVAILABLE */
export type PaymentClient = {
  /** Charges an attempt, once. @returns null when the attempt was closed before */
  readonly charge: (
    input: PaymentAttempt & {
      readonly method: string | null;
      /** After this time the order has ended, and nothing is charged. */
      readonly chargeUntil: Date;
    },
  ) => Promise<IdentifiedOutcome | ValidationFailed | null>;
  /** Closes an attempt that has no payment: it is never charged. @returns the payment that it has */
  readonly close: (attempt: PaymentAttempt) => Promise<PaymentOutcome | null>;
  /** Reads an attempt without charging; null when there is none. */
  readonly findOutcome: (orderId: string, attempt: number) => Promise<IdentifiedOutcome | null>;
  /** Refunds an attempt in full, once. @throws when there is no such attempt */
  readonly refund: (input: { orderId: string; attempt: number; reason: string }) => Promise<void>;
};
