import type { ValidationFailed } from '@cartograph/errors';
import type { Money } from '@cartograph/money';

/** An order has one payment attempt: a decline cancels the order. */
export const FIRST_ATTEMPT = 1;

/** The state of a payment attempt. */
export type PaymentOutcome =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'PROCESSING' }
  /** Captured, and refunded in full. */
  | { readonly status: 'REFUNDED' }
  | { readonly status: 'FAILED'; readonly reason: string };

/** The payment service. Every call may be repeated. @throws ShopError UNAVAILABLE */
export type PaymentClient = {
  readonly charge: (input: {
    orderId: string;
    attempt: number;
    userId: string;
    amount: Money;
    method: string | null;
  }) => Promise<PaymentOutcome | ValidationFailed>;
  /** Reads an attempt without charging; null when there is none. */
  readonly findOutcome: (orderId: string, attempt: number) => Promise<PaymentOutcome | null>;
  /** Refunds an attempt in full, once. @throws when there is no such attempt */
  readonly refund: (input: { orderId: string; attempt: number; reason: string }) => Promise<void>;
};
