import { findMoneyFault } from '@cartograph/money';
import { makeEnumReader } from '@cartograph/postgres';
import {
  findDateFault,
  makeRowFilter,
  makeRowIsolatingReader,
  type ReportFault,
} from '@cartograph/validation';
import type { PaymentReader } from '../domain/payment-store.ts';
import type { Payment, PaymentStatus } from '../domain/payment.ts';
import type { Refund, RefundStatus } from '../domain/refund.ts';
import type { Payment as PaymentRow, Refund as RefundRow } from './generated/client.ts';

/** The columns of a payment that `PAYMENT_COLUMNS` selects. */
export type PaymentColumns = Omit<
  PaymentRow,
  | 'amountCents'
  | 'refundingCents'
  | 'refundedCents'
  | 'dueAt'
  | 'dueAttempts'
  | 'dueSince'
  | 'dueError'
  | 'deadAt'
> & {
  // The driver returns a bigint as text, Prisma as a BigInt.
  readonly amountCents: bigint | string;
  readonly refundingCents: bigint | string;
};

/** Selects the columns of a payment under the names that Prisma uses. */
export const PAYMENT_COLUMNS = `id, order_id AS "orderId", attempt, user_id AS "userId",
  status::text, amount_cents AS "amountCents", currency::text, provider, method,
  provider_ref AS "providerRef", failure_code AS "failureCode", charge_until AS "chargeUntil", captured_at AS "capturedAt",
  refunding_cents AS "refundingCents", created_at AS "createdAt", updated_at AS "updatedAt",
  notify_at AS "notifyAt"`;

/** Converts the columns of a payment. Amounts are in the smallest unit of the currency. */
export const toPayment = (row: PaymentColumns): Payment => ({
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
  chargeUntil: row.chargeUntil,
  capturedAt: row.capturedAt,
  refunding: Number(row.refundingCents),
  notifyAt: row.notifyAt,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

/** The columns of a refund that `toRefund` reads, with the currency of its payment. */
type RefundColumns = Pick<
  RefundRow,
  | 'id'
  | 'paymentId'
  | 'status'
  | 'amountCents'
  | 'reason'
  | 'requestedBy'
  | 'failureCode'
  | 'createdAt'
> & { readonly payment: { readonly currency: string } };

/** A refund as `REFUND_COLUMNS` selects it. */
export type SelectedRefund = Omit<RefundColumns, 'payment'> & { readonly currency: string };

/** Selects a refund `r` of a payment `p` under the names that Prisma uses. */
export const REFUND_COLUMNS = `r.id, r.payment_id AS "paymentId", r.status::text,
  r.amount_cents AS "amountCents", r.reason, r.requested_by AS "requestedBy",
  r.failure_code AS "failureCode", r.created_at AS "createdAt", p.currency::text`;

/** Selects the currency of a refund, which is that of its payment. */
export const WITH_CURRENCY = { payment: { select: { currency: true } } } as const;

/** Converts the columns of a refund. */
export const toRefund = (row: RefundColumns): Refund => ({
  id: row.id,
  paymentId: row.paymentId,
  status: row.status,
  amount: { amount: Number(row.amountCents), currency: row.payment.currency },
  reason: row.reason,
  requestedBy: row.requestedBy,
  failure: row.failureCode === null ? null : { code: row.failureCode },
  createdAt: row.createdAt,
});

/** A newer version may have stored other statuses. */
const STATUSES: ReadonlySet<PaymentStatus> = new Set([
  'PROCESSING',
  'SUCCEEDED',
  'FAILED',
  'REFUNDED',
]);
const REFUND_STATUSES: ReadonlySet<RefundStatus> = new Set(['PROCESSING', 'SUCCEEDED', 'FAILED']);

const readStatus = makeEnumReader('payment_status', [...STATUSES]);
const readRefundStatus = makeEnumReader('refund_status', [...REFUND_STATUSES]);

/** As toPayment. @throws for a status that this version does not know, as Prisma does */
export const toKnownPayment = (row: PaymentColumns): Payment =>
  toPayment({ ...row, status: readStatus(row.status) });

/** As toRefund. @throws for a status that this version does not know, as Prisma does */
export const toKnownRefund = ({ currency, ...row }: SelectedRefund): Refund =>
  toRefund({ ...row, status: readRefundStatus(row.status), payment: { currency } });

const findPaymentFault = ({ status, amount, createdAt }: Payment): string | null => {
  if (!STATUSES.has(status)) return 'status: is not known';
  return findMoneyFault(amount) ?? findDateFault([createdAt]);
};

const findRefundFault = ({ status, amount, createdAt }: Refund): string | null => {
  if (!REFUND_STATUSES.has(status)) return 'status: is not known';
  return findMoneyFault(amount) ?? findDateFault([createdAt]);
};

/**
 * Payments and refunds as clients read them: rows that cannot be displayed are left out and reported.
 * @param isUnreadable whether a read failed because of the data in a row
 */
export const hideFaultyRows = (
  store: PaymentReader,
  report: ReportFault,
  isUnreadable: (error: unknown) => boolean,
): PaymentReader => {
  const isDisplayable = makeRowFilter<Payment>(report, {
    table: 'payments',
    idOf: ({ id }) => id,
    findFault: findPaymentFault,
  });
  const isRefundDisplayable = makeRowFilter<Refund>(report, {
    table: 'refunds',
    idOf: ({ id }) => id,
    findFault: findRefundFault,
  });
  const isolate = <Row>(
    table: string,
    find: (keys: readonly string[]) => Promise<readonly Row[]>,
  ) => makeRowIsolatingReader(report, { table, find, isUnreadable });
  const findPayments = isolate('payments', store.findPayments);
  const findOfOrders = isolate('payments of orders', store.findPaymentsOfOrders);
  const findRefunds = isolate('refunds of payments', store.findRefundsOfPayments);
  return {
    findPayments: async (ids) => (await findPayments(ids)).filter(isDisplayable),
    findPaymentsOfOrders: async (ids) => (await findOfOrders(ids)).filter(isDisplayable),
    findRefundsOfPayments: async (ids) => (await findRefunds(ids)).filter(isRefundDisplayable),
  };
};
