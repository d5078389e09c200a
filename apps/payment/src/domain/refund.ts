import type { Money } from '@cartograph/money';

/** PROCESSING: the provider has not settled it yet. */
export type RefundStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED';

/** A refund of a part of one payment, or of all of it. */
export type Refund = {
  readonly id: string;
  readonly paymentId: string;
  readonly status: RefundStatus;
  readonly amount: Money;
  readonly reason: string;
  /** An administrator's id, or the service that requested it. */
  readonly requestedBy: string;
  readonly failure: { readonly code: string } | null;
  readonly createdAt: Date;
};

/** A requested refund. */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'requestedBy'> & {
  /** In minor units; null for all that can be refunded. */
  readonly amount: number | null;
  /** Unique: the same key is the same refund. */
  readonly key: string;
};

/** Why a refund is not created. */
export type NoRefund =
  | { readonly kind: 'payment not found' }
  | { readonly kind: 'not captured' }
  | { readonly kind: 'too much'; readonly refundable: number };

/** The customer is owed a refund of the whole payment: the shop has no order for it. */
export type NewDebt = {
  readonly paymentId: string;
  readonly reason: string;
  readonly requestedBy: 'order' | 'payment';
};
