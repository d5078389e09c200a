import type { RefundOutcome } from './payment-provider.ts';
import type { Refund } from './refund.ts';

/** A refund that somebody asks for. */
export type NewRefund = {
  readonly id: string;
  readonly paymentId: string;
  /** In minor units; null for all that is left. */
  readonly amount: number | null;
  readonly reason: string;
  /** The same key is the same refund. */
  readonly key: string;
  /** An administrator's id, or the service that asks. */
  readonly requestedBy: string;
};

/** Why there is no refund. */
export type NoRefund =
  | { readonly kind: 'payment not found' }
  | { readonly kind: 'not captured' }
  | { readonly kind: 'too much'; readonly refundable: number };

/** Where refunds are kept. */
export type RefundStore = {
  /**
   * Keeps one refund a key, when so much is left of the payment, and with it the job that asks the
   * provider for it.
   * @param requestAt when that job is due
   */
  readonly insertRefund: (
    refund: NewRefund,
    requestAt: Date,
  ) => Promise<{ readonly kind: 'kept'; readonly refund: Refund } | NoRefund>;
  /**
   * Writes what the provider says: what is undecided is decided, and what was given may have come
   * back. What is FAILED stays so, and can be given back in another way.
   */
  readonly settleRefund: (id: string, outcome: RefundOutcome) => Promise<Refund>;
  /** Stores the job that asks about an undecided refund again. */
  readonly planRequest: (id: string, requestAt: Date) => Promise<void>;
  readonly findRefund: (id: string) => Promise<Refund | null>;
  /** Oldest first. */
  readonly findRefundsOfPayments: (paymentIds: readonly string[]) => Promise<readonly Refund[]>;
};
