import { addAmounts, type Money } from '@cartograph/money';

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

/**
 * What was refunded: the sum of successful refunds, all in one currency.
 * @throws when the sum is not exact: no payments of one order are that large
 */
export const sumRefunded = (refunds: readonly Refund[], currency: string): Money => {
  const amounts = refunds
    .filter(({ status }) => status === 'SUCCEEDED')
    .map(({ amount }) => amount.amount);
  const amount = addAmounts(amounts);
  if (amount === null) throw new Error('the sum of refunds is not a safe integer');
  return { amount, currency };
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
