import { findMoneyFault } from '@cartograph/money';
import {
  findDateFault,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from '@cartograph/validation';
import type { Payment, PaymentStatus } from './payment.ts';
import type { Payments } from './payments.ts';
import type { Refund, RefundStatus } from './refund.ts';
import type { Refunds } from './refunds.ts';

/** A newer version may have stored others already. */
const STATUSES: ReadonlySet<PaymentStatus> = new Set([
  'PROCESSING',
  'SUCCEEDED',
  'FAILED',
  'REFUNDED',
]);
const REFUND_STATUSES: ReadonlySet<RefundStatus> = new Set(['PROCESSING', 'SUCCEEDED', 'FAILED']);

/** Why a stored payment can't be written into an answer; null when it can. */
export const findPaymentFault = ({ status, amount, createdAt }: Payment): string | null => {
  if (!STATUSES.has(status)) return 'status: is not known';
  return findMoneyFault(amount) ?? findDateFault([createdAt]);
};

/** Why a stored refund can't be written into an answer; null when it can. */
export const findRefundFault = ({ status, amount, createdAt }: Refund): string | null => {
  if (!REFUND_STATUSES.has(status)) return 'status: is not known';
  return findMoneyFault(amount) ?? findDateFault([createdAt]);
};

type Readable = Pick<Payments, 'findPayments' | 'findPaymentsOfOrders'> &
  Pick<Refunds, 'findRefundsOfPayments'>;

/**
 * Payments and refunds as clients read them: what can't be shown is left out and reported.
 * @param isUnreadable whether a read failed for what is in a row
 */
export const hideFaultyPayments = (
  { findPayments, findPaymentsOfOrders, findRefundsOfPayments }: Readable,
  report: ReportFault,
  isUnreadable: (error: unknown) => boolean,
): Readable => {
  const isShown = makeRowFilter<Payment>(report, {
    table: 'payments',
    idOf: ({ id }) => id,
    findFault: findPaymentFault,
  });
  const isRefundShown = makeRowFilter<Refund>(report, {
    table: 'refunds',
    idOf: ({ id }) => id,
    findFault: findRefundFault,
  });
  const apart = <Row>(table: string, find: (keys: readonly string[]) => Promise<readonly Row[]>) =>
    makeRowIsolatingReader(report, { table, find, isUnreadable });
  const find = apart('payments', findPayments);
  const findOfOrders = apart('payments of orders', findPaymentsOfOrders);
  const findRefunds = apart('refunds of payments', findRefundsOfPayments);
  return {
    findPayments: async (ids) => (await find(ids)).filter(isShown),
    findPaymentsOfOrders: async (ids) => (await findOfOrders(ids)).filter(isShown),
    findRefundsOfPayments: async (ids) => (await findRefunds(ids)).filter(isRefundShown),
  };
};
