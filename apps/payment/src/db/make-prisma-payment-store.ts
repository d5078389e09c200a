import type { ProviderOutcome } from '../domain/payment-provider.ts';
import type { PaymentStore } from '../domain/payment-store.ts';
import { isClosed, isDeclined, type Payment } from '../domain/payment.ts';
import { nextDeclinePoll } from '../domain/poll-schedule.ts';
import type { Payment as PaymentRow, Prisma } from './generated/client.ts';
import { planJob, POLL_REST_SECONDS } from './jobs.ts';
import type { Database } from './make-database.ts';
import { writeEvent } from './outbox.ts';
import { writeDebt } from './refund-debts.ts';
import { toPayment } from './rows.ts';

/** The order service mostly learns the result earlier, from the response to its own request. */
const NOTIFY_AFTER_MS = 1_000;

type Tx = Prisma.TransactionClient;
type FinalOutcome = Exclude<ProviderOutcome, { status: 'PROCESSING' }>;

/** @returns the settled payment; null when it was not pending */
const settlePending = async (
  tx: Tx,
  id: string,
  outcome: FinalOutcome,
): Promise<Payment | null> => {
  const now = new Date();
  const [row] = await tx.payment.updateManyAndReturn({
    where: { id, status: 'PROCESSING' },
    data: {
      status: outcome.status,
      ...(outcome.reference !== null && { providerRef: outcome.reference }),
      failureCode: outcome.status === 'FAILED' ? outcome.failureCode : null,
      capturedAt: outcome.status === 'SUCCEEDED' ? now : null,
      updatedAt: now,
    },
  });
  if (!row) return null;
  const payment = toPayment(row);
  await planJob(tx, 'tell_order', id, new Date(now.getTime() + NOTIFY_AFTER_MS));
  const pollAt = isDeclined(payment) ? nextDeclinePoll(now, now) : null;
  if (pollAt) await planJob(tx, 'watch_decline', id, pollAt);
  await writeEvent(
    tx,
    payment,
    outcome.status === 'SUCCEEDED'
      ? { type: 'payment.succeeded' }
      : { type: 'payment.failed', failureCode: outcome.failureCode },
  );
  return payment;
};

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

const toStartedPayments = (rows: readonly PaymentRow[]): readonly Payment[] =>
  rows.map(toPayment).filter((payment) => !isClosed(payment));

export const makePrismaPaymentStore = (database: Database): PaymentStore => ({
  insertPayment: ({ amount, failure, reference, refunding, ...payment }, pollAt) =>
    database.$transaction(async (tx) => {
      const { orderId, attempt } = payment;
      const [inserted] = await tx.payment.createManyAndReturn({
        data: [
          {
            ...payment,
            amountCents: BigInt(amount.amount),
            currency: amount.currency,
            providerRef: reference,
            refundingCents: BigInt(refunding),
            failureCode: failure?.code ?? null,
          },
        ],
        skipDuplicates: true,
      });
      if (inserted) {
        if (pollAt) await planJob(tx, 'ask_provider', payment.id, pollAt);
        return { payment: toPayment(inserted), isNew: true };
      }
      const row = await tx.payment.findUniqueOrThrow({
        where: { orderId_attempt: { orderId, attempt } },
      });
      return { payment: toPayment(row), isNew: false };
    }),

  settlePayment: (id, outcome) =>
    database.$transaction(async (tx) => {
      if (outcome.status === 'PROCESSING') {
        await tx.payment.updateMany({
          where: { id, status: 'PROCESSING', providerRef: null },
          data: { providerRef: outcome.reference, updatedAt: new Date() },
        });
      } else {
        const settled = await settlePending(tx, id, outcome);
        if (settled) return settled;
        if (outcome.status === 'SUCCEEDED') await refundLateCapture(tx, id, outcome.reference);
      }
      return toPayment(await tx.payment.findUniqueOrThrow({ where: { id } }));
    }),

  schedulePoll: (id, pollAt) => planJob(database, 'ask_provider', id, pollAt, POLL_REST_SECONDS),

  scheduleDeclinePoll: (id, pollAt) =>
    planJob(database, 'watch_decline', id, pollAt, POLL_REST_SECONDS),

  findPayments: async (ids) =>
    toStartedPayments(await database.payment.findMany({ where: { id: { in: [...ids] } } })),

  findPaymentsOfOrders: async (orderIds) => {
    const rows = await database.payment.findMany({
      where: { orderId: { in: [...orderIds] } },
      orderBy: { attempt: 'asc' },
    });
    return toStartedPayments(rows);
  },

  findByReference: async (provider, providerRef) => {
    const row = await database.payment.findUnique({
      where: { provider_providerRef: { provider, providerRef } },
    });
    return row && toPayment(row);
  },
});
