import { v7 as makeId } from 'uuid';
import { refundableOf, type Payment } from '../domain/payment.ts';
import { DEBT_RETRY, nextPoll } from '../domain/poll-times.ts';
import type { NewDebt } from '../domain/refund-store.ts';
import type { Refund } from '../domain/refund.ts';
import type { Prisma } from './generated/client.ts';
import { planJob, POLL_REST_SECONDS } from './jobs.ts';
import { toPayment, toRefund, WITH_CURRENCY } from './rows.ts';

type Tx = Prisma.TransactionClient;

/** Locks a payment: who comes second waits here, and then sees what the first one left. */
export const lockPayment = async (tx: Tx, id: string): Promise<Payment | null> => {
  await tx.$queryRaw`SELECT 1 FROM payments WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.payment.findUnique({ where: { id } });
  return row && toPayment(row);
};

/** Sets a part of a payment aside to be given back. @returns whether so much was left */
export const setAside = async (tx: Tx, paymentId: string, amount: number): Promise<boolean> => {
  const moved = await tx.$executeRaw`
    UPDATE payments SET refunding_cents = refunding_cents + ${BigInt(amount)}, updated_at = now()
    WHERE id = ${paymentId}::uuid AND captured_at IS NOT NULL
      AND refunding_cents + ${BigInt(amount)} <= amount_cents`;
  return moved === 1;
};

/**
 * Keeps a refund of all that is left of a payment that is owed.
 * @param payment whose row is locked
 * @returns null when it is not owed, or nothing is left
 */
export const writeRepayment = async (
  tx: Tx,
  payment: Payment,
  requestAt: Date,
): Promise<Refund | null> => {
  const amount = refundableOf(payment);
  const { id: paymentId } = payment;
  const debt = await tx.refundDebt.findUnique({ where: { paymentId } });
  if (!debt || amount === 0 || !(await setAside(tx, paymentId, amount))) return null;
  // A key of its own for each: the provider remembers what it declined.
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
    },
    include: WITH_CURRENCY,
  });
  await planJob(tx, 'request_refund', row.id, requestAt);
  return toRefund(row);
};

/**
 * Writes that all of a payment is owed, once, and keeps the first refund of it.
 * @param payment whose row is locked
 */
export const writeDebt = async (
  tx: Tx,
  payment: Payment,
  debt: NewDebt,
  requestAt: Date,
): Promise<Refund | null> => {
  const { count } = await tx.refundDebt.createMany({
    data: [{ ...debt, createdAt: new Date() }],
    skipDuplicates: true,
  });
  return count === 1 ? writeRepayment(tx, payment, requestAt) : null;
};

/**
 * Plans to give back again what is not on its way any more, where the payment is owed. It comes
 * after the change of the payment: whoever writes the debt at the same time holds that row.
 */
export const planRepayment = async (tx: Tx, paymentId: string): Promise<void> => {
  const debt = await tx.refundDebt.findUnique({ where: { paymentId } });
  if (!debt) return;
  const now = new Date();
  // After the last time the job itself says that a person has to look.
  const retryAt = nextPoll(DEBT_RETRY, debt.createdAt, now) ?? now;
  await planJob(tx, 'repay_debt', paymentId, retryAt, POLL_REST_SECONDS);
};
