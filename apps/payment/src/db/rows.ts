import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import type { Payment as PaymentRow, Refund as RefundRow } from './generated/client.ts';

/** A row as the domain has it. */
export const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orderId: row.orderId,
  attempt: row.attempt,
  userId: row.userId,
  status: row.status,
  amount: { amount: Number(row.amountCents), currency: row.currency },
  provider: row.provider,
  method: row.method,
  reference: row.providerRef,
  failure: row.failureCode === null ? null : { code: row.failureCode },
  capturedAt: row.capturedAt,
  refunding: Number(row.refundingCents),
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** A refund's row, with the currency of its payment. */
export const WITH_CURRENCY = { payment: { select: { currency: true } } } as const;

/** A row as the domain has it. */
export const toRefund = (row: RefundRow & { payment: { currency: string } }): Refund => ({
  id: row.id,
  paymentId: row.paymentId,
  status: row.status,
  amount: { amount: Number(row.amountCents), currency: row.payment.currency },
  reason: row.reason,
  requestedBy: row.requestedBy,
  failure: row.failureCode === null ? null : { code: row.failureCode },
  createdAt: row.createdAt,
});
