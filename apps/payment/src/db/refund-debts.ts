import { sampledTraceparent } from '@cartograph/telemetry';
import { v7 as makeId } from 'uuid';
import { refundableOf, type Payment } from '../domain/payment.ts';
import { DEBT_RETRY, nextPoll } from '../domain/poll-schedule.ts';
import type { NewDebt, Refund } from '../domain/refund.ts';
import type { Prisma } from './generated/client.ts';
import { toPayment, toRefund, WITH_CURRENCY } from './rows.ts';

type Tx = Prisma.TransactionClient;

/** Locks a payment: concurrent refunds run one after another. */
export const lockPayment = async (tx: Tx, id: string): Promise<Payment | null> => {
  await tx.$queryRaw`SELECT 1 FROM payments WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.payment.findUnique({ where: { id } });
  return row && toPayment(row);
};

/** Reserves a part of a payment for a refund. @returns whether so much was left */
export const reserveRefund = async (
  tx: Tx,
  paymentId: string,
  amount: number,
): Promise<boolean> => {
  const updated = await tx.$executeRaw`
    UPDATE payments SET refunding_cents = refunding_cents + ${BigInt(amount)}, updated_at = now()
    WHERE id = ${paymentId}::uuid AND captured_at IS NOT NULL
      AND refunding_cents + ${BigInt(amount)} <= amount_cents`;
  return updated === 1;
};

/**
 * Inserts a refund of all that is left of an owed payment.
 * @param payment must be locked
 * @returns null when the payment is not owed, or nothing is left
 */
export const writeRepayment = async (
  tx: Tx,
  payment: Payment,
  requestAt: Date,
): Promise<Refund | null> => {
  const amount = refundableOf(payment);
  const { id: paymentId } = payment;
  const debt = await tx.refundDebt.findUnique({ where: { paymentId } });
  if (!debt || amount === 0 || !(await reserveRefund(tx, paymentId, amount))) return null;
  // Each has its own key: the provider repeats its response to a declined one.
  const before = await tx.refund.count({
    where: { paymentId, key: { startsWith: `owed:${paymentId}:` } },
  });
  const now = new Date();
  const row = await tx.refund.create({
    data: {
      id: makeId(),
      paymentId,
      amountCents: BigInt(amount),
      reason: debt.reason,
      key: `owed:${paymentId}:${before + 1}`,
      requestedBy: debt.requestedBy,
      createdAt: now,
      updatedAt: now,
      dueAt: requestAt,
      dueTrace: sampledTraceparent(),
    },
    include: WITH_CURRENCY,
  });
  return toRefund(row);
};

/**
 * Stores once that all of a payment is owed, and inserts the first refund of it.
 * @param payment must be locked
 */
export const writeDebt = async (
  tx: Tx,
  payment: Payment,
  debt: NewDebt,
  requestAt: Date,
): Promise<Refund | null> => {
  const { count } = await tx.refundDebt.createMany({
    data: [{ ...debt, createdAt: new Date(), dueTrace: sampledTraceparent() }],
    skipDuplicates: true,
  });
  return count === 1 ? writeRepayment(tx, payment, requestAt) : null;
};

/** How long a debt rests at least, by the database's clock: that of this process may be behind. */
const REST_S = 1;

/**
 * Makes an owed payment due to be refunded again. Must run after the update of the payment: a
 * concurrent transaction that writes the debt holds that row. A debt that waits keeps an earlier time;
 * for one that is being processed, the new attempts say to its sweeper that it is due again.
 */
export const scheduleRepayment = async (tx: Tx, paymentId: string): Promise<void> => {
  const debt = await tx.refundDebt.findUnique({ where: { paymentId } });
  if (!debt) return;
  const now = new Date();
  // After the limit it is processed once more, and fails for an operator to see.
  const retryAt = nextPoll(DEBT_RETRY, debt.createdAt, now) ?? now;
  await tx.$executeRaw`
    UPDATE refund_debts SET
      due_at = least(
        CASE WHEN due_attempts = 0 THEN due_at END,
        greatest(${retryAt}::timestamptz, now() + make_interval(secs => ${REST_S}::int))
      ),
      due_attempts = 0, due_since = NULL, due_error = NULL
    WHERE payment_id = ${paymentId}::uuid`;
};
