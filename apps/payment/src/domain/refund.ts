import type { Money } from '@cartograph/money';

/** PROCESSING: the provider has not given it yet. */
export type RefundStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED';

/** Money of one payment on its way back. */
export type Refund = {
  readonly id: string;
  readonly paymentId: string;
  readonly status: RefundStatus;
  readonly amount: Money;
  readonly reason: string;
  /** An administrator's id, or the service that asked. */
  readonly requestedBy: string;
  readonly failure: { readonly code: string } | null;
  readonly createdAt: Date;
};
