import type { Reads } from '@cartograph/postgres';
import { sampledTraceparent } from '@cartograph/telemetry';
import type { FailedOutcome } from '../domain/payment-provider.ts';
import { refundableOf } from '../domain/payment.ts';
import type { RefundStore } from '../domain/refund-store.ts';
import type { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { writeEvent } from './outbox.ts';
import { findRefund, findRefundsOfPayments } from './read-refunds.ts';
import {
  lockPayment,
  reserveRefund,
  scheduleRepayment,
  writeDebt,
  writeRepayment,
} from './refund-debts.ts';
import { toPayment, toRefund, WITH_CURRENCY } from './rows.ts';

type Tx = Prisma.TransactionClient;

/** The fields of a row for which nothing is left to do. */
const NOT_DUE = {
  dueAt: null,
  dueAttempts: 0,
  dueSince: null,
  dueError: null,
  deadAt: null,
} as const;

/** Adds a succeeded refund to its payment. */
const addToPayment = async (tx: Tx, refundId: string, paymentId: string, amount: bigint) => {
  await tx.$executeRaw`
    UPDATE payments SET
      refunded_cents = refunded_cents + ${amount},
      status = CASE WHEN status = 'SUCCEEDED' AND refunded_cents + ${amount} = amount_cents
        THEN 'REFUNDED' ELSE status END,
      updated_at = now()
    WHERE id = ${paymentId}::uuid`;
  const row = await tx.payment.findUniqueOrThrow({ where: { id: paymentId } });
  await writeEvent(tx, toPayment(row), {
    type: 'payment.refunded',
    refundId,
    refundAmount: Number(amount),
    refunded: Number(row.refundedCents),
  });
};

/** Releases the amount of a declined refund. */
const releaseRefund = async (tx: Tx, paymentId: string, amount: bigint): Promise<void> => {
  await tx.payment.update({
    where: { id: paymentId },
    data: { refundingCents: { decrement: amount }, updatedAt: new Date() },
  });
  await scheduleRepayment(tx, paymentId);
};

/** Reverts a succeeded refund that the bank returned. */
const returnRefund = async (tx: Tx, id: string, outcome: FailedOutcome): Promise<void> => {
  const [row] = await tx.refund.updateManyAndReturn({
    where: { id, status: 'SUCCEEDED' },
    data: { status: 'FAILED', failureCode: outcome.failureCode, updatedAt: new Date() },
  });
  if (!row) return;
  await tx.$executeRaw`
    UPDATE payments SET
      refunding_cents = refunding_cents - ${row.amountCents},
      refunded_cents = refunded_cents - ${row.amountCents},
      status = CASE WHEN status = 'REFUNDED' THEN 'SUCCEEDED' ELSE status END,
      updated_at = now()
    WHERE id = ${row.paymentId}::uuid`;
  await scheduleRepayment(tx, row.paymentId);
};

/** @param pool what is read, in one statement each; Prisma has the rest */
export const makePrismaRefundStore = (database: Database, pool: Reads): RefundStore => ({
  insertRefund: ({ amount: requested, ...refund }, requestAt) =>
    database.$transaction(async (tx) => {
      const payment = await lockPayment(tx, refund.paymentId);
      if (!payment) return { kind: 'payment not found' };
      const { key } = refund;
      const stored = await tx.refund.findUnique({ where: { key }, include: WITH_CURRENCY });
      if (stored) return { kind: 'stored', refund: toRefund(stored) };
      if (!payment.capturedAt) return { kind: 'not captured' };
      const left = refundableOf(payment);
      const amount = requested ?? left;
      if (amount === 0 || !(await reserveRefund(tx, payment.id, amount))) {
        return { kind: 'too much', refundable: left };
      }
      const now = new Date();
      const row = await tx.refund.create({
        data: {
          ...refund,
          amountCents: BigInt(amount),
          createdAt: now,
          updatedAt: now,
          dueAt: requestAt,
          dueTrace: sampledTraceparent(),
        },
        include: WITH_CURRENCY,
      });
      return { kind: 'stored', refund: toRefund(row) };
    }),

  oweRefund: (debt, requestAt) =>
    database.$transaction(async (tx) => {
      const payment = await lockPayment(tx, debt.paymentId);
      return payment?.capturedAt ? writeDebt(tx, payment, debt, requestAt) : null;
    }),

  findDebt: async (paymentId) => {
    const row = await database.refundDebt.findUnique({
      where: { paymentId },
      include: { payment: true },
    });
    return row && { since: row.createdAt, left: refundableOf(toPayment(row.payment)) };
  },

  repayDebt: (paymentId, requestAt) =>
    database.$transaction(async (tx) => {
      const payment = await lockPayment(tx, paymentId);
      return payment && writeRepayment(tx, payment, requestAt);
    }),

  settleRefund: (id, outcome) =>
    database.$transaction(async (tx) => {
      const [row] = await tx.refund.updateManyAndReturn({
        where: { id, status: 'PROCESSING' },
        data: {
          status: outcome.status,
          ...(outcome.reference !== null && { providerRef: outcome.reference }),
          failureCode: outcome.status === 'FAILED' ? outcome.failureCode : null,
          updatedAt: new Date(),
          // A pending refund keeps its time: its sweeper sets the next one.
          ...(outcome.status !== 'PROCESSING' && NOT_DUE),
        },
      });
      if (row && outcome.status === 'SUCCEEDED') {
        await addToPayment(tx, id, row.paymentId, row.amountCents);
      }
      if (row && outcome.status === 'FAILED') {
        await releaseRefund(tx, row.paymentId, row.amountCents);
      }
      if (!row && outcome.status === 'FAILED') await returnRefund(tx, id, outcome);
      return toRefund(await tx.refund.findUniqueOrThrow({ where: { id }, include: WITH_CURRENCY }));
    }),

  findRefund: (id) => findRefund(pool, id),
  findRefundsOfPayments: (paymentIds) => findRefundsOfPayments(pool, paymentIds),
});
