import {
  isProblem,
  problem,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import type { Money } from '@cartograph/money';
import { refuseNull, validate, type OrNull } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import { refundForOrderInput, refundPaymentInput } from './input.ts';
import { getProvider, type PaymentProviders } from './payment-provider.ts';
import { getPayment, type PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { DEBT_RETRY, nextPoll, REFUND_POLL } from './poll-schedule.ts';
import type { RefundStore } from './refund-store.ts';
import type { NoRefund, Refund } from './refund.ts';

/** A refund is requested immediately, and this much later again if that failed. */
const REQUEST_AFTER_MS = 15_000;

/** Why a payment is not refunded. */
export type RefundProblem =
  | Problem<'PAYMENT_NOT_FOUND'>
  | Problem<'PAYMENT_NOT_REFUNDABLE'>
  | Problem<'REFUND_EXCEEDS_CAPTURED', { refundable: Money }>;

export type Refunds = {
  /**
   * Refunds a part of a payment, or all that is left when there is no amount. A part that the provider
   * can't refund exactly is refused before any money is reserved for it.
   * @throws ShopError BAD_USER_INPUT when the amount is null
   */
  readonly refundPayment: (
    userId: string,
    input: OrNull<z.input<typeof refundPaymentInput>, 'amount'>,
  ) => Promise<Refund | RefundProblem | IdempotencyProblem | ValidationFailed>;
  /**
   * Stores once that the whole payment of an attempt is owed to the customer, and refunds what is
   * left. Refunds that are declined or returned later are retried. A payment that captured no money is
   * not changed.
   * @returns null when there is no such payment
   */
  readonly refundForOrder: (
    input: z.input<typeof refundForOrderInput>,
  ) => Promise<Payment | ValidationFailed | null>;
  /**
   * Requests a stored refund from the provider, when it is due.
   * @returns when it is due next; null once it is settled
   * @throws when it is pending for so long that an operator has to intervene
   */
  readonly request: (refundId: string) => Promise<Date | null>;
  /**
   * Refunds what is owed and not refunded yet, when it is due. A decline makes the debt due again.
   * @throws when the provider has declined for so long that an operator has to intervene
   */
  readonly repay: (paymentId: string) => Promise<null>;
  /** Queries the provider for the current state of a payment's refunds. May be repeated. */
  readonly refresh: (paymentId: string) => Promise<void>;
  readonly findRefundsOfPayments: RefundStore['findRefundsOfPayments'];
};

/**
 * Makes the rules of refunds. The amount is reserved first; the provider is called outside any
 * transaction.
 * @param onDeferred receives the error of a refund that is due to be requested again later
 */
export const makeRefunds = (deps: {
  payments: PaymentStore;
  refunds: RefundStore;
  providers: PaymentProviders;
  idempotency: Idempotency;
  onDeferred: (refundId: string, error: unknown) => void;
  onDeclined: (refundId: string, failureCode: string) => void;
}): Refunds => {
  const { payments, refunds } = deps;

  /** Requests a pending refund, or checks whether a succeeded one was returned. */
  const update = async (refund: Refund): Promise<Refund> => {
    if (refund.status === 'FAILED') return refund;
    const { reference, provider: name } = await getPayment(payments, refund.paymentId);
    if (reference === null) throw new Error('a captured payment has no reference');
    const provider = getProvider(deps.providers, name);
    const request = { idempotencyKey: `refund:${refund.id}`, reference, amount: refund.amount };
    const outcome =
      refund.status === 'PROCESSING'
        ? await provider.refund(request)
        : await provider.findRefund(request);
    if (!outcome) return refund;
    if (outcome.status === 'FAILED') deps.onDeclined(refund.id, outcome.failureCode);
    return refunds.settleRefund(refund.id, outcome);
  };

  const requestNow = (refund: Refund): Promise<Refund> =>
    update(refund).catch((error: unknown) => {
      deps.onDeferred(refund.id, error);
      return refund;
    });

  const requestAt = () => new Date(Date.now() + REQUEST_AFTER_MS);

  const toProblem = async (paymentId: string, reason: NoRefund): Promise<RefundProblem> => {
    switch (reason.kind) {
      case 'payment not found':
        return problem('PAYMENT_NOT_FOUND');
      case 'not captured':
        return problem('PAYMENT_NOT_REFUNDABLE');
      case 'too much': {
        const { amount } = await getPayment(payments, paymentId);
        return problem('REFUND_EXCEEDS_CAPTURED', {
          refundable: { amount: reason.refundable, currency: amount.currency },
        });
      }
    }
  };

  /** Whether the provider of a payment can refund exactly this part of it. */
  const canRefund = async (paymentId: string, amount: number): Promise<boolean> => {
    const [payment] = await payments.findPayments([paymentId]);
    if (!payment) return true;
    const { currency } = payment.amount;
    return deps.providers.find(payment.provider)?.acceptsAmount({ amount, currency }) ?? true;
  };

  return {
    refundPayment: async (userId, input) => {
      // A client that sends null by mistake must not refund everything.
      refuseNull(input, { amount: 'to refund all that is left' });
      const fields = validate(refundPaymentInput, input);
      if (isProblem(fields)) return fields;
      const { paymentId, amount = null, reason, idempotencyKey } = fields;
      const refund = async (id: string): Promise<Refund | RefundProblem | ValidationFailed> => {
        if (amount !== null && !(await canRefund(paymentId, amount))) {
          const message = 'can’t be refunded by the provider';
          return validationFailed([{ path: 'amount', message }]);
        }
        const newRefund = { id, paymentId, amount, reason, requestedBy: userId };
        const result = await refunds.insertRefund(
          { ...newRefund, key: `request:${id}` },
          requestAt(),
        );
        return result.kind === 'stored' ? requestNow(result.refund) : toProblem(paymentId, result);
      };
      return deps.idempotency.once(
        {
          userId,
          operation: 'refundPayment',
          key: idempotencyKey ?? null,
          request: [paymentId, amount, reason],
          subjectId: makeId(),
        },
        refund,
      );
    },

    refundForOrder: async (input) => {
      const fields = validate(refundForOrderInput, input);
      if (isProblem(fields)) return fields;
      const { orderId, attempt, reason } = fields;
      const payment = await payments.findAttempt(orderId, attempt);
      if (!payment) return null;
      const debt = { paymentId: payment.id, reason, requestedBy: 'order' } as const;
      const refund = await refunds.oweRefund(debt, requestAt());
      if (refund) await requestNow(refund);
      return getPayment(payments, payment.id);
    },

    repay: async (paymentId) => {
      const debt = await refunds.findDebt(paymentId);
      if (!debt || debt.left === 0) return null;
      if (!nextPoll(DEBT_RETRY, debt.since, new Date())) {
        throw new Error(
          'the provider has declined an owed refund for 30 days: refund it as an administrator',
        );
      }
      const refund = await refunds.repayDebt(paymentId, requestAt());
      if (refund) await requestNow(refund);
      return null;
    },

    request: async (refundId) => {
      const refund = await refunds.findRefund(refundId);
      if (!refund) throw new Error(`refund ${refundId} does not exist`);
      if (refund.status !== 'PROCESSING') return null;
      const { status, createdAt } = await update(refund);
      if (status !== 'PROCESSING') return null;
      const dueAt = nextPoll(REFUND_POLL, createdAt, new Date());
      if (!dueAt) throw new Error('the refund is still pending after 14 days');
      return dueAt;
    },

    refresh: async (paymentId) => {
      for (const refund of await refunds.findRefundsOfPayments([paymentId])) await update(refund);
    },

    findRefundsOfPayments: refunds.findRefundsOfPayments,
  };
};
