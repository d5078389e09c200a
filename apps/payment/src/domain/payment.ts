import type { Money } from '@cartograph/money';

/** PROCESSING: the provider has not settled it yet. */
export type PaymentStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';

/** One attempt to pay one order. */
export type Payment = {
  readonly id: string;
  readonly orderId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** The customer of the order. */
  readonly userId: string;
  readonly status: PaymentStatus;
  readonly amount: Money;
  readonly provider: string;
  readonly method: string;
  /** The provider's id of the charge, once it has responded. */
  readonly reference: string | null;
  readonly failure: { readonly code: string } | null;
  /** After this time no charge is requested: the order has ended by then. Null where that is not known. */
  readonly chargeUntil: Date | null;
  /** When the provider captured the money. On a FAILED payment: after it had declined. */
  readonly capturedAt: Date | null;
  /** The sum of pending and succeeded refunds, in minor units: at most the amount. */
  readonly refunding: number;
  /** Since when the order service must be notified of the outcome; null when it need not be. */
  readonly notifyAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** The failure code of a closed attempt. */
export const NOT_STARTED = 'not_started';

/** Whether an attempt was closed before a payment was made for it: it is never charged. */
export const isClosed = ({ failure }: Payment): boolean => failure?.code === NOT_STARTED;

/** Whether the provider declined, and has captured nothing since. */
export const isDeclined = (payment: Payment): boolean =>
  payment.status === 'FAILED' && !payment.capturedAt && !isClosed(payment);

/** The idempotency key of an attempt at the provider: repeated requests are one charge. */
export const chargeKey = ({ orderId, attempt }: Pick<Payment, 'orderId' | 'attempt'>): string =>
  `${orderId}:${attempt}`;

/** The attempt of a charge key; null for a key that the shop did not make. */
export const parseChargeKey = (key: string): Pick<Payment, 'orderId' | 'attempt'> | null => {
  const [, orderId, attempt] = /^([0-9a-f-]{36}):(\d{1,4})$/.exec(key) ?? [];
  return orderId && attempt ? { orderId, attempt: Number(attempt) } : null;
};

/** The amount that can still be refunded, in minor units. */
export const refundableOf = ({ capturedAt, amount, refunding }: Payment): number =>
  capturedAt ? amount.amount - refunding : 0;
