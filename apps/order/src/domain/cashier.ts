import type { ValidationFailed } from '@cartograph/errors';
import type { Money } from '@cartograph/money';

/** An order is paid in one attempt: one that is declined ends it. */
export const FIRST_ATTEMPT = 1;

/** What became of an attempt to pay. */
export type PaymentOutcome =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'PROCESSING' }
  /** Taken, and given back. */
  | { readonly status: 'REFUNDED' }
  | { readonly status: 'FAILED'; readonly reason: string };

/** Whoever takes the money. Every call may be repeated. @throws ShopError UNAVAILABLE */
export type Cashier = {
  readonly charge: (input: {
    orderId: string;
    attempt: number;
    userId: string;
    amount: Money;
    method: string | null;
  }) => Promise<PaymentOutcome | ValidationFailed>;
  /** What is known of an attempt, without asking for money; null when there was none. */
  readonly findOutcome: (orderId: string, attempt: number) => Promise<PaymentOutcome | null>;
  /** Gives back all that an attempt took, once. @throws when there is no such attempt */
  readonly refund: (input: { orderId: string; attempt: number; reason: string }) => Promise<void>;
};
