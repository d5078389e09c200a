import { readRows, type Reads, type Statement } from '@cartograph/postgres';
import { isClosed, type Payment } from '../domain/payment.ts';
import { PAYMENT_COLUMNS, toKnownPayment, type PaymentColumns } from './rows.ts';

const FIND = `/* payment.find */
  SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = ANY ($1::uuid[])`;

const FIND_OF_ORDERS = `/* payment.find_of_orders */
  SELECT ${PAYMENT_COLUMNS} FROM payments WHERE order_id = ANY ($1::uuid[]) ORDER BY attempt`;

const FIND_BY_REFERENCE = `/* payment.find_by_reference */
  SELECT ${PAYMENT_COLUMNS} FROM payments WHERE provider = $1 AND provider_ref = $2`;

const read = async (reads: Reads, statement: Statement): Promise<readonly Payment[]> =>
  (await readRows<PaymentColumns>(reads, statement)).map(toKnownPayment);

const isStarted = (payment: Payment): boolean => !isClosed(payment);

/** The payments with these ids, without closed attempts, in any order. */
export const findPayments = async (
  reads: Reads,
  ids: readonly string[],
): Promise<readonly Payment[]> =>
  (await read(reads, { text: FIND, values: [ids] })).filter(isStarted);

/** The payments of these orders, without closed attempts, oldest first. */
export const findPaymentsOfOrders = async (
  reads: Reads,
  orderIds: readonly string[],
): Promise<readonly Payment[]> =>
  (await read(reads, { text: FIND_OF_ORDERS, values: [orderIds] })).filter(isStarted);

/** The payment with this id at its provider; null when there is none. */
export const findByReference = async (
  reads: Reads,
  provider: string,
  reference: string,
): Promise<Payment | null> => {
  const [payment] = await read(reads, { text: FIND_BY_REFERENCE, values: [provider, reference] });
  return payment ?? null;
};
