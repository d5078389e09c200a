import type { ProviderOutcome } from './payment-provider.ts';
import type { NewDebt, NewRefund, NoRefund, Refund } from './refund.ts';

/** Stores refunds. `requestAt` is when a pending refund is due to be requested (again). */
export type RefundStore = {
  /**
   * Inserts one refund per key, if the payment has enough left. A repeat returns the stored refund.
   */
  readonly insertRefund: (
    refund: NewRefund,
    requestAt: Date,
  ) => Promise<{ readonly kind: 'stored'; readonly refund: Refund } | NoRefund>;
  /**
   * Stores once that the whole payment is owed, and inserts a refund of what is not refunded yet. A
   * payment that captured no money owes nothing.
   * @returns the refund to request now; null when there is none
   */
  readonly oweRefund: (debt: NewDebt, requestAt: Date) => Promise<Refund | null>;
  /** Since when a payment is owed, and how much of it is not refunded; null when it is not owed. */
  readonly findDebt: (
    paymentId: string,
  ) => Promise<{ readonly since: Date; readonly left: number } | null>;
  /**
   * Inserts a refund of what is owed and not refunded, with a new key each time.
   * @returns null when nothing is left
   */
  readonly repayDebt: (paymentId: string, requestAt: Date) => Promise<Refund | null>;
  /**
   * Stores the provider's state of a refund: a pending refund is settled, and a succeeded one may
   * have been returned. FAILED is final. When the payment is owed, its debt is due to be refunded again.
   */
  readonly settleRefund: (id: string, outcome: ProviderOutcome) => Promise<Refund>;
  readonly findRefund: (id: string) => Promise<Refund | null>;
  /** Oldest first. */
  readonly findRefundsOfPayments: (paymentIds: readonly string[]) => Promise<readonly Refund[]>;
};
