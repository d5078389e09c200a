import { readRows, type Reads, type Statement } from '@cartograph/postgres';
import type { Refund } from '../domain/refund.ts';
import { REFUND_COLUMNS, toKnownRefund, type SelectedRefund } from './rows.ts';

const SELECT = `SELECT ${REFUND_COLUMNS} FROM refunds r JOIN payments p ON p.id = r.payment_id`;

const FIND = `/* refund.find */ ${SELECT} WHERE r.id = $1`;

const FIND_OF_PAYMENTS = `/* refund.find_of_payments */
  ${SELECT} WHERE r.payment_id = ANY ($1::uuid[]) ORDER BY r.id`;

const read = async (reads: Reads, statement: Statement): Promise<readonly Refund[]> =>
  (await readRows<SelectedRefund>(reads, statement)).map(toKnownRefund);

/** @returns null when there is no such refund */
export const findRefund = async (reads: Reads, id: string): Promise<Refund | null> => {
  const [refund] = await read(reads, { text: FIND, values: [id] });
  return refund ?? null;
};

/** The refunds of these payments, oldest first. */
export const findRefundsOfPayments = (
  reads: Reads,
  paymentIds: readonly string[],
): Promise<readonly Refund[]> => read(reads, { text: FIND_OF_PAYMENTS, values: [paymentIds] });
