import { sampledTraceparent } from '@cartograph/telemetry';
import type { Pool } from 'pg';
import { nextStep } from '../domain/next-step.ts';
import type { Payment } from '../domain/payment.ts';
import { PAYMENT_COLUMNS, toPayment, type PaymentColumns } from './rows.ts';
import { secondsUntil } from './seconds-until.ts';

const INSERT = `/* payment.insert */
  WITH made AS (
    INSERT INTO payments (id, order_id, attempt, user_id, status, amount_cents, currency, provider,
      method, failure_code, created_at, updated_at, due_at, due_trace, charge_until)
    VALUES ($1, $2, $3, $4, $5::payment_status, $6, $7, $8, $9, $10, now(), now(),
      now() + make_interval(secs => $11), $12, $13)
    ON CONFLICT (order_id, attempt) DO NOTHING
    RETURNING ${PAYMENT_COLUMNS}
  )
  SELECT made.*, true AS "isNew" FROM made
  UNION ALL
  SELECT ${PAYMENT_COLUMNS}, false FROM payments
  WHERE order_id = $2 AND attempt = $3 AND NOT EXISTS (SELECT 1 FROM made)`;

const FIND = `/* payment.find_attempt */
  SELECT ${PAYMENT_COLUMNS} FROM payments WHERE order_id = $1 AND attempt = $2`;

/** The stored payment of an attempt, also of a closed one; null when there is none. */
export const findStoredAttempt = async (
  pool: Pick<Pool, 'query'>,
  orderId: string,
  attempt: number,
): Promise<Payment | null> => {
  const { rows } = await pool.query<PaymentColumns>(FIND, [orderId, attempt]);
  return rows[0] ? toPayment(rows[0]) : null;
};

/**
 * Inserts one payment per order and attempt, in one statement; a repeat returns the stored one.
 * @returns isNew whether this call inserted it
 */
export const insertPayment = async (
  pool: Pick<Pool, 'query'>,
  payment: Payment,
): Promise<{ readonly payment: Payment; readonly isNew: boolean }> => {
  const { orderId, attempt, createdAt } = payment;
  const { rows } = await pool.query<PaymentColumns & { isNew: boolean }>(INSERT, [
    payment.id,
    orderId,
    attempt,
    payment.userId,
    payment.status,
    payment.amount.amount,
    payment.amount.currency,
    payment.provider,
    payment.method,
    payment.failure?.code ?? null,
    secondsUntil(nextStep(payment, createdAt), createdAt),
    sampledTraceparent(),
    payment.chargeUntil,
  ]);
  const [row] = rows;
  if (row) return { payment: toPayment(row), isNew: row.isNew };
  // A concurrent insert was first, and began before its row was visible to this statement.
  const stored = await findStoredAttempt(pool, orderId, attempt);
  if (!stored) throw new Error(`attempt ${attempt} of order ${orderId} is not stored`);
  return { payment: stored, isNew: false };
};
