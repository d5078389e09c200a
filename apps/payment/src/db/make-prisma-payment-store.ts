import type { Pool } from 'pg';
import type { PaymentStore } from '../domain/payment-store.ts';
import { isClosed } from '../domain/payment.ts';
import type { Prisma } from './generated/client.ts';
import { findStoredAttempt, insertPayment } from './insert-payment.ts';
import type { Database } from './make-database.ts';
import { findByReference, findPayments, findPaymentsOfOrders } from './read-payments.ts';
import { writeDebt } from './refund-debts.ts';
import { toPayment } from './rows.ts';
import { keepReference, settlePending } from './settle-payment.ts';

type Tx = Prisma.TransactionClient;

/**
 * A settled payment stays FAILED when the provider captures the money later: its stock may be sold to
 * another customer by now. The capture is stored, and all of it is owed.
 */
const refundLateCapture = async (tx: Tx, id: string, reference: string): Promise<void> => {
  const now = new Date();
  const [row] = await tx.payment.updateManyAndReturn({
    where: { id, status: 'FAILED', capturedAt: null },
    data: { capturedAt: now, providerRef: reference, updatedAt: now },
  });
  if (!row) return;
  const reason = 'taken after it had been declined';
  await writeDebt(tx, toPayment(row), { paymentId: id, reason, requestedBy: 'payment' }, now);
};

const MARK_NOTIFIED = `/* payment.notified */
  UPDATE payments SET notify_at = NULL, due_at = $2,
    due_attempts = 0, due_since = NULL, due_error = NULL
  WHERE id = $1 AND notify_at IS NOT NULL`;

/** @param pool what a purchase writes and what is read, in one statement each; Prisma has the rest */
export const makePrismaPaymentStore = (
  database: Database,
  pool: Pick<Pool, 'query'>,
): PaymentStore => ({
  insertPayment: (payment) => insertPayment(pool, payment),

  settlePayment: async (payment, outcome, notifies) => {
    const { id } = payment;
    const changed =
      outcome.status === 'PROCESSING'
        ? await keepReference(pool, id, outcome.reference)
        : await settlePending(pool, payment, outcome, notifies);
    if (changed) return changed;
    if (outcome.status === 'SUCCEEDED') {
      await database.$transaction((tx) => refundLateCapture(tx, id, outcome.reference));
    }
    return toPayment(await database.payment.findUniqueOrThrow({ where: { id } }));
  },

  markNotified: async (id, dueAt) => {
    await pool.query(MARK_NOTIFIED, [id, dueAt]);
  },

  findAttempt: async (orderId, attempt) => {
    const payment = await findStoredAttempt(pool, orderId, attempt);
    return payment && !isClosed(payment) ? payment : null;
  },

  findPayments: (ids) => findPayments(pool, ids),
  findPaymentsOfOrders: (orderIds) => findPaymentsOfOrders(pool, orderIds),
  findByReference: (...reference) => findByReference(pool, ...reference),
});
