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
  readonly failure: { readonly code: string } | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
