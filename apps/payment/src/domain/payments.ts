import { isProblem, validationFailed, type ValidationFailed } from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import { closePaymentInput, createIntentInput } from './input.ts';
import type { PaymentMethod, PaymentProviders } from './payment-provider.ts';
import { getPayment, type PaymentStore } from './payment-store.ts';
import { isClosed, NOT_STARTED, type Payment } from './payment.ts';
import type { Settlement } from './settlement.ts';

/** The answer to the request is the notice of the outcome. */
const ANSWERED = { notifies: false } as const;

/** The payment method of an attempt that charges nothing, when the customer named none. */
const NO_METHOD = 'none';

/** A way to pay new orders. */
export type OfferedMethod = PaymentMethod & {
  readonly provider: string;
  readonly isDefault: boolean;
};

export type Payments = {
  /**
   * Charges one attempt once. A repeat queries the provider only while the payment is pending; its
   * method and amount do not matter. When the provider fails or times out, the payment is due to be
   * polled later.
   * @returns the payment as it is then: PROCESSING unless the provider's answer or a webhook settled it
   */
  readonly createIntent: (
    input: z.input<typeof createIntentInput>,
  ) => Promise<Payment | ValidationFailed>;
  /**
   * Closes an attempt that has no payment: none is made for it later. It is decided by the unique key
   * of order and attempt: either this or createIntent is first.
   * @returns the payment that the attempt has; null when the attempt is closed
   */
  readonly close: (
    input: z.input<typeof closePaymentInput>,
  ) => Promise<Payment | ValidationFailed | null>;
  /** The ways to pay with the provider of new payments. */
  readonly listMethods: () => readonly OfferedMethod[];
} & Pick<PaymentStore, 'findAttempt' | 'findPayments' | 'findPaymentsOfOrders'>;

/** @param onPending receives the error of a provider that could not settle a payment immediately */
export const makePayments = (deps: {
  store: PaymentStore;
  providers: PaymentProviders;
  settlement: Settlement;
  onPending: (paymentId: string, error: unknown) => void;
}): Payments => {
  const { store, settlement } = deps;
  const { chosen } = deps.providers;

  const makePayment = (
    {
      amount,
      currency,
      chargeUntil = null,
      ...fields
    }: Omit<z.output<typeof createIntentInput>, 'method'> & {
      readonly method: string;
    },
    state: Pick<Payment, 'status' | 'failure'>,
  ): Payment => {
    const now = new Date();
    return {
      id: makeId(),
      ...fields,
      ...state,
      amount: { amount, currency },
      provider: chosen.name,
      reference: null,
      chargeUntil,
      capturedAt: null,
      refunding: 0,
      notifyAt: null,
      createdAt: now,
      updatedAt: now,
    };
  };

  /** The method of a new payment, if the provider takes that and the amount. */
  const chooseMethod = ({
    amount,
    currency,
    ...fields
  }: z.output<typeof createIntentInput>): string | ValidationFailed => {
    const method = fields.method ?? chosen.defaultMethod;
    // A free order needs none.
    if (method === null && amount === 0) return NO_METHOD;
    if (method === null || !chosen.acceptsMethod(method)) {
      const message = method === null ? 'is needed' : 'is not a payment method';
      return validationFailed([{ path: 'paymentMethod', message }]);
    }
    return chosen.acceptsAmount({ amount, currency })
      ? method
      : validationFailed([{ path: 'amount', message: 'can’t be taken by the provider' }]);
  };

  /** Charges a new payment, or queries the provider of a stored one, while it is pending. */
  const update = async (payment: Payment, isNew: boolean): Promise<Payment> => {
    if (payment.status !== 'PROCESSING') return payment;
    // Outside any transaction: a provider takes seconds, and a charge cannot be rolled back.
    try {
      return isNew
        ? await settlement.settle(payment, await settlement.charge(payment), ANSWERED)
        : await settlement.refresh(payment, ANSWERED);
    } catch (error) {
      deps.onPending(payment.id, error);
      // A webhook may have settled it while the provider did not respond.
      return getPayment(store, payment.id);
    }
  };

  return {
    createIntent: async (input) => {
      const fields = validate(createIntentInput, input);
      if (isProblem(fields)) return fields;
      const method = chooseMethod(fields);
      if (isProblem(method)) {
        // A repeat may name no method, or one of the provider that was chosen before: its payment exists.
        const stored = await store.findAttempt(fields.orderId, fields.attempt);
        return stored ? update(stored, false) : method;
      }
      const intent = makePayment({ ...fields, method }, { status: 'PROCESSING', failure: null });
      // A stored attempt wins: the first request determines amount and method.
      const { payment, isNew } = await store.insertPayment(intent);
      return update(payment, isNew);
    },

    close: async (input) => {
      const fields = validate(closePaymentInput, input);
      if (isProblem(fields)) return fields;
      const closed = makePayment(
        { ...fields, method: NO_METHOD },
        { status: 'FAILED', failure: { code: NOT_STARTED } },
      );
      const { payment } = await store.insertPayment(closed);
      return isClosed(payment) ? null : payment;
    },

    listMethods: () =>
      chosen.methods.map((method) => ({
        ...method,
        provider: chosen.name,
        isDefault: method.name === chosen.defaultMethod,
      })),

    findAttempt: store.findAttempt,
    findPayments: store.findPayments,
    findPaymentsOfOrders: store.findPaymentsOfOrders,
  };
};
