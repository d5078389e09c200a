import { isProblem, validationFailed, type ValidationFailed } from '@cartograph/errors';
import { MAX_AMOUNT } from '@cartograph/money';
import { id, text, validate, wholeNumber } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import { z } from 'zod';
import type { Decisions } from './ask-provider.ts';
import type { Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';

/** A charge that was cut off, or not decided at once, is looked after this long after it began. */
const ASK_AFTER_MS = 15_000;

const createIntentInput = z.object({
  orderId: id(),
  attempt: wholeNumber(1, 1_000),
  userId: id(),
  amount: wholeNumber(0, MAX_AMOUNT),
  currency: text(0, 3).regex(/^[A-Z]{3}$/, 'is not a currency'),
  method: text(1, 100).nullish(),
});

/** What can be done with payments. */
export type Payments = {
  /**
   * Takes the money of one attempt, once. A repeat asks the provider again only while it has not
   * decided. A provider that fails or does not answer leaves the payment PROCESSING: a job goes on
   * asking.
   */
  readonly createIntent: (
    input: z.input<typeof createIntentInput>,
  ) => Promise<Payment | ValidationFailed>;
  readonly findAttempt: (orderId: string, attempt: number) => Promise<Payment | null>;
  readonly findPayments: PaymentStore['findPayments'];
  readonly findPaymentsOfOrders: PaymentStore['findPaymentsOfOrders'];
};

/**
 * Makes the rules of payments over where they are kept and who takes the money.
 * @param onUndecided is told why the provider could not be asked
 */
export const makePayments = (deps: {
  store: PaymentStore;
  providers: Providers;
  decisions: Decisions;
  onUndecided: (paymentId: string, error: unknown) => void;
}): Payments => {
  const { store, providers, decisions } = deps;
  return {
    createIntent: async (input) => {
      const fields = validate(createIntentInput, input);
      if (isProblem(fields)) return fields;
      const { orderId, attempt, userId, amount, currency } = fields;
      const method = fields.method ?? providers.chosen.defaultMethod;
      if (method === null || !providers.chosen.acceptsMethod(method)) {
        const message = method === null ? 'is needed' : 'is not a payment method';
        return validationFailed([{ path: 'paymentMethod', message }]);
      }
      if (!providers.chosen.acceptsAmount({ amount, currency })) {
        return validationFailed([{ path: 'amount', message: 'can’t be taken by the provider' }]);
      }
      const now = new Date();
      const intent: Payment = {
        id: makeId(),
        orderId,
        attempt,
        userId,
        status: 'PROCESSING',
        amount: { amount, currency },
        provider: providers.chosen.name,
        method,
        reference: null,
        failure: null,
        capturedAt: null,
        refunding: 0,
        createdAt: now,
        updatedAt: now,
      };
      // What stands here already wins: the first to come decides amount and method of an attempt.
      const askAt = new Date(now.getTime() + ASK_AFTER_MS);
      const { payment, isNew } = await store.insertPayment(intent, askAt);
      if (payment.status !== 'PROCESSING') return payment;
      // Outside any transaction: a provider takes seconds, and can't be rolled back.
      try {
        return isNew
          ? await decisions.settle(payment.id, await decisions.charge(payment))
          : await decisions.ask(payment);
      } catch (error) {
        deps.onUndecided(payment.id, error);
        return payment;
      }
    },

    findAttempt: async (orderId, attempt) => {
      const payments = await store.findPaymentsOfOrders([orderId]);
      return payments.find((payment) => payment.attempt === attempt) ?? null;
    },

    findPayments: store.findPayments,
    findPaymentsOfOrders: store.findPaymentsOfOrders,
  };
};
