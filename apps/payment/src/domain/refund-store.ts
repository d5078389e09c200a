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

/** All of a payment is owed to whoever paid, because the shop could not keep it. */
export type NewDebt = {
  readonly paymentId: string;
  readonly reason: string;
  /** The service that says so. */
  readonly requestedBy: 'order' | 'payment';
};

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
   * Writes that all of a payment is owed, once, and with it a refund of what is not on its way back
   * already. A payment that took no money owes nothing.
   * @returns the refund, which the provider is to be asked for; null when there is none to ask for
   */
  readonly oweRefund: (debt: NewDebt, requestAt: Date) => Promise<Refund | null>;
  /** Since when a payment is owed, and what of it is not on its way back; null when it is not owed. */
  readonly findDebt: (
    paymentId: string,
  ) => Promise<{ readonly since: Date; readonly left: number } | null>;
  /**
   * Keeps a refund of what is owed of a payment and not on its way back: a new one each time, with a
   * key of its own.
   * @returns null when nothing is left
   */
  readonly repayDebt: (paymentId: string, requestAt: Date) => Promise<Refund | null>;
  /**
   * Writes what the provider says: what is undecided is decided, and what was given may have come
   * back. What is FAILED stays so, and can be given back in another way. Where the payment is owed,
   * the job that does so is stored with it.
   */
  readonly settleRefund: (id: string, outcome: RefundOutcome) => Promise<Refund>;
  /** Stores the job that asks about an undecided refund again. */
  readonly planRequest: (id: string, requestAt: Date) => Promise<void>;
  readonly findRefund: (id: string) => Promise<Refund | null>;
  /** Oldest first. */
  readonly findRefundsOfPayments: (paymentIds: readonly string[]) => Promise<readonly Refund[]>;
};
