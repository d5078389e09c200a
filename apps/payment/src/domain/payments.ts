import { isProblem, validationFailed, type ValidationFailed } from '@cartograph/errors';
import { MAX_AMOUNT } from '@cartograph/money';
import { id, text, validate, wholeNumber } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import { z } from 'zod';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';

const createIntentInput = z.object({
  orderId: id(),
  attempt: wholeNumber(1, 1_000),
  userId: id(),
  amount: wholeNumber(0, MAX_AMOUNT),
  currency: z.string().regex(/^[A-Z]{3}$/, 'is not a currency'),
  method: text(1, 100).nullish(),
});

/** What can be done with payments. */
export type Payments = {
  /**
   * Takes the money of one attempt, once. A repeat asks the provider again only while it has not
   * decided, with the same key, which a provider answers with the same charge.
   */
  readonly createIntent: (
    input: z.input<typeof createIntentInput>,
  ) => Promise<Payment | ValidationFailed>;
  readonly findAttempt: (orderId: string, attempt: number) => Promise<Payment | null>;
  readonly findPayments: PaymentStore['findPayments'];
  readonly findPaymentsOfOrders: PaymentStore['findPaymentsOfOrders'];
};

/** Makes the rules of payments over where they are kept and who takes the money. */
export const makePayments = (store: PaymentStore, provider: PaymentProvider): Payments => ({
  createIntent: async (input) => {
    const fields = validate(createIntentInput, input);
    if (isProblem(fields)) return fields;
    const { orderId, attempt, userId, amount, currency } = fields;
    const method = fields.method ?? provider.defaultMethod;
    if (!provider.acceptsMethod(method)) {
      return validationFailed([{ path: 'paymentMethod', message: 'is not a payment method' }]);
    }
    const now = new Date();
    // What stands here already wins: the first to come decides amount and method of an attempt.
    const payment = await store.insertPayment({
      id: makeId(),
      orderId,
      attempt,
      userId,
      status: 'PROCESSING',
      amount: { amount, currency },
      provider: provider.name,
      method,
      failure: null,
      createdAt: now,
      updatedAt: now,
    });
    if (payment.status !== 'PROCESSING') return payment;
    // Outside any transaction: a provider takes seconds, and can't be rolled back.
    const outcome = await provider.charge({
      idempotencyKey: `${payment.orderId}:${payment.attempt}`,
      amount: payment.amount,
      method: payment.method,
    });
    return store.settlePayment(payment.id, outcome);
  },

  findAttempt: async (orderId, attempt) => {
    const payments = await store.findPaymentsOfOrders([orderId]);
    return payments.find((payment) => payment.attempt === attempt) ?? null;
  },

  findPayments: store.findPayments,
  findPaymentsOfOrders: store.findPaymentsOfOrders,
});
