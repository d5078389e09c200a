import { nextDeclineLook } from '../domain/ask-provider.ts';
import type { ChargeOutcome } from '../domain/payment-provider.ts';
import type { PaymentStore } from '../domain/payment-store.ts';
import { isDeclined, type Payment } from '../domain/payment.ts';
import type { Prisma } from './generated/client.ts';
import { planJob, POLL_REST_SECONDS } from './jobs.ts';
import type { Database } from './make-database.ts';
import { writeEvent } from './outbox.ts';
import { writeDebt } from './refund-debts.ts';
import { toPayment } from './rows.ts';

/** The answer of the call that began the payment mostly gets there first. */
const TELL_AFTER_MS = 1_000;

type Tx = Prisma.TransactionClient;
type Decision = Exclude<ChargeOutcome, { status: 'PROCESSING' }>;

/** @returns the payment if it was undecided, and is decided now */
const decide = async (tx: Tx, id: string, outcome: Decision): Promise<Payment | null> => {
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
  await planJob(tx, 'tell_order', id, new Date(now.getTime() + TELL_AFTER_MS));
  const lookAt = isDeclined(payment) ? nextDeclineLook(now, now) : null;
  if (lookAt) await planJob(tx, 'watch_decline', id, lookAt);
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
 * A decision stands: whoever was told of a decline has sold the goods to somebody else. Money that
 * was taken in spite of it does not stay: it is noted, and with it that all of it
 * is owed.
 */
const giveBackLateSuccess = async (tx: Tx, id: string, reference: string): Promise<void> => {
  const now = new Date();
  const [late] = await tx.payment.updateManyAndReturn({
    where: { id, status: 'FAILED', capturedAt: null },
    data: { capturedAt: now, providerRef: reference, updatedAt: now },
  });
  if (!late) return;
  const reason = 'taken after it had been declined';
  await writeDebt(tx, toPayment(late), { paymentId: id, reason, requestedBy: 'payment' }, now);
};

/** Keeps payments in the payment database. */
export const makePrismaPaymentStore = (database: Database): PaymentStore => ({
  insertPayment: ({ amount, failure, reference, refunding, ...payment }, askAt) =>
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
        await planJob(tx, 'ask_provider', payment.id, askAt);
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
        const decided = await decide(tx, id, outcome);
        if (decided) return decided;
        if (outcome.status === 'SUCCEEDED') await giveBackLateSuccess(tx, id, outcome.reference);
      }
      return toPayment(await tx.payment.findUniqueOrThrow({ where: { id } }));
    }),

  planPoll: (id, pollAt) => planJob(database, 'ask_provider', id, pollAt, POLL_REST_SECONDS),

  planDeclineLook: (id, lookAt) =>
    planJob(database, 'watch_decline', id, lookAt, POLL_REST_SECONDS),

  findPayments: async (ids) =>
    (await database.payment.findMany({ where: { id: { in: [...ids] } } })).map(toPayment),

  findPaymentsOfOrders: async (orderIds) => {
    const rows = await database.payment.findMany({
      where: { orderId: { in: [...orderIds] } },
      orderBy: { attempt: 'asc' },
    });
    return rows.map(toPayment);
  },

  findByReference: async (provider, providerRef) => {
    const row = await database.payment.findUnique({
      where: { provider_providerRef: { provider, providerRef } },
    });
    return row && toPayment(row);
  },
});
