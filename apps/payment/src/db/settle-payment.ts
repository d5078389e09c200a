import { makeEvent } from '@cartograph/events';
import type { Pool } from 'pg';
import { nextStep } from '../domain/next-step.ts';
import type { ProviderOutcome } from '../domain/payment-provider.ts';
import type { Payment } from '../domain/payment.ts';
import { draftEvent } from './outbox.ts';
import { PAYMENT_COLUMNS, toPayment, type PaymentColumns } from './rows.ts';
import { secondsUntil } from './seconds-until.ts';

type FinalOutcome = Exclude<ProviderOutcome, { status: 'PROCESSING' }>;

const SETTLE = `/* payment.settle */
  WITH settled AS (
    UPDATE payments SET
      status = $2::payment_status,
      provider_ref = coalesce($3, provider_ref),
      failure_code = $4,
      captured_at = CASE WHEN $2 = 'SUCCEEDED' THEN now() END,
      updated_at = now(),
      notify_at = CASE WHEN $5 THEN now() END,
      due_at = now() + make_interval(secs => $6),
      due_attempts = 0, due_since = NULL, due_error = NULL, dead_at = NULL
    WHERE id = $1 AND status = 'PROCESSING'
    RETURNING ${PAYMENT_COLUMNS}
  ), event AS (
    INSERT INTO events (id, envelope, created_at)
    SELECT ($7::jsonb->>'id')::uuid, $7::jsonb, ($7::jsonb->>'time')::timestamptz FROM settled
  )
  SELECT settled.* FROM settled`;

const KEEP_REFERENCE = `/* payment.keep_reference */
  UPDATE payments SET provider_ref = $2, updated_at = now()
  WHERE id = $1 AND status = 'PROCESSING' AND provider_ref IS NULL
  RETURNING ${PAYMENT_COLUMNS}`;

/**
 * Settles a pending payment, in one statement with its event and the time of its next step.
 * @returns the settled payment; null when it was not pending
 */
export const settlePending = async (
  pool: Pick<Pool, 'query'>,
  payment: Payment,
  outcome: FinalOutcome,
  notifies: boolean,
): Promise<Payment | null> => {
  const now = new Date();
  const failure = outcome.status === 'FAILED' ? { code: outcome.failureCode } : null;
  const settled: Payment = {
    ...payment,
    status: outcome.status,
    failure,
    capturedAt: failure ? null : now,
    notifyAt: notifies ? now : null,
    updatedAt: now,
  };
  const event = draftEvent(
    settled,
    failure ? { type: 'payment.failed', failureCode: failure.code } : { type: 'payment.succeeded' },
  );
  const { rows } = await pool.query<PaymentColumns>(SETTLE, [
    payment.id,
    outcome.status,
    outcome.reference,
    failure?.code ?? null,
    notifies,
    secondsUntil(nextStep(settled, now), now),
    JSON.stringify(makeEvent(event)),
  ]);
  return rows[0] ? toPayment(rows[0]) : null;
};

/**
 * Stores the first reference of a pending payment.
 * @returns the payment; null when it has one, or is not pending
 */
export const keepReference = async (
  pool: Pick<Pool, 'query'>,
  paymentId: string,
  reference: string,
): Promise<Payment | null> => {
  const { rows } = await pool.query<PaymentColumns>(KEEP_REFERENCE, [paymentId, reference]);
  return rows[0] ? toPayment(rows[0]) : null;
};
