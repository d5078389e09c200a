import type { PaymentStore } from '../domain/payment-store.ts';
import type { ChargeOutcome } from '../domain/payment-provider.ts';
import type { Payment } from '../domain/payment.ts';
import type { Payment as PaymentRow } from './generated/client.ts';
import type { Database } from './make-database.ts';

const toPayment = ({ amountCents, currency, failureCode, ...row }: PaymentRow): Payment => ({
  ...row,
  amount: { amount: Number(amountCents), currency },
  failure: failureCode === null ? null : { code: failureCode },
});

const toDecision = (outcome: ChargeOutcome) => ({
  status: outcome.status,
  providerRef: outcome.reference,
  failureCode: outcome.status === 'FAILED' ? outcome.failureCode : null,
  updatedAt: new Date(),
});

/** Keeps payments in the payment database. */
export const makePrismaPaymentStore = (database: Database): PaymentStore => ({
  insertPayment: async ({ amount, failure, ...payment }) => {
    const { orderId, attempt } = payment;
    await database.payment.createMany({
      data: [
        {
          ...payment,
          amountCents: BigInt(amount.amount),
          currency: amount.currency,
          failureCode: failure?.code ?? null,
        },
      ],
      skipDuplicates: true,
    });
    return toPayment(
      await database.payment.findUniqueOrThrow({
        where: { orderId_attempt: { orderId, attempt } },
      }),
    );
  },

  settlePayment: async (id, outcome) => {
    await database.payment.updateMany({
      where: { id, status: 'PROCESSING' },
      data: toDecision(outcome),
    });
    return toPayment(await database.payment.findUniqueOrThrow({ where: { id } }));
  },

  findPayments: async (ids) =>
    (await database.payment.findMany({ where: { id: { in: [...ids] } } })).map(toPayment),

  findPaymentsOfOrders: async (orderIds) => {
    const rows = await database.payment.findMany({
      where: { orderId: { in: [...orderIds] } },
      orderBy: { attempt: 'asc' },
    });
    return rows.map(toPayment);
  },
});
