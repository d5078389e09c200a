import type { Money } from '@cartograph/money';

/** PROCESSING: the provider has not decided. */
export type PaymentStatus = 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';

/** One attempt to take the money of one order. */
export type Payment = {
  readonly id: string;
  readonly orderId: string;
  /** Counts from 1. */
  readonly attempt: number;
  /** Whose order it is. */
  readonly userId: string;
  readonly status: PaymentStatus;
  readonly amount: Money;
  readonly provider: string;
  readonly method: string;
  /** What the provider calls the charge, once it has answered. */
  readonly reference: string | null;
  readonly failure: { readonly code: string } | null;
  /** When the provider took the money. On a FAILED payment: in spite of having declined it. */
  readonly capturedAt: Date | null;
  /** What refunds give back or have given back, in minor units: never more than the amount. */
  readonly refunding: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Whether the provider took nothing, as far as it has told. */
export const isDeclined = ({ status, capturedAt }: Payment): boolean =>
  status === 'FAILED' && !capturedAt;

/** The key of an attempt at the provider: however often it is asked for, it is one charge. */
export const chargeKey = ({ orderId, attempt }: Pick<Payment, 'orderId' | 'attempt'>): string =>
  `${orderId}:${attempt}`;

/** The attempt that a charge's key stands for; null for a key that is none of ours. */
export const readChargeKey = (key: string): Pick<Payment, 'orderId' | 'attempt'> | null => {
  const [, orderId, attempt] = /^([0-9a-f-]{36}):(\d{1,4})$/.exec(key) ?? [];
  return orderId && attempt ? { orderId, attempt: Number(attempt) } : null;
};

/** What can be given back still, in minor units. */
export const refundableOf = ({ capturedAt, amount, refunding }: Payment): number =>
  capturedAt ? amount.amount - refunding : 0;
