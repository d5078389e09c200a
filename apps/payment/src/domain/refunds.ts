import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Idempotency, IdempotencyProblem } from '@cartograph/idempotency';
import { MAX_AMOUNT, type Money } from '@cartograph/money';
import { id, refuseNull, text, validate, wholeNumber, type OrNull } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import { z } from 'zod';
import { getProvider, type Providers } from './payment-provider.ts';
import type { PaymentStore } from './payment-store.ts';
import type { Payment } from './payment.ts';
import { DEBT_RETRY, nextPoll, REFUND_POLL } from './poll-times.ts';
import type { NoRefund, RefundStore } from './refund-store.ts';
import type { Refund } from './refund.ts';

/** The request itself asks the provider in the meantime; the job is for when it could not. */
const REQUEST_AFTER_MS = 15_000;

const reason = text(1, 500);

const refundPaymentInput = z.object({
  paymentId: id(),
  amount: wholeNumber(1, MAX_AMOUNT).optional(),
  reason,
  idempotencyKey: text(1, 255).nullish(),
});

const refundForOrderInput = z.object({ orderId: id(), attempt: wholeNumber(1, 1_000), reason });

/** Why a payment is not refunded. */
export type RefundRefused =
  | Problem<'PAYMENT_NOT_FOUND'>
  | Problem<'PAYMENT_NOT_REFUNDABLE'>
  | Problem<'REFUND_EXCEEDS_CAPTURED', { refundable: Money }>;

/** How money goes back. */
export type Refunds = {
  /**
   * Gives back a part of a payment, or all that is left of it when no amount is given.
   * @throws ShopError BAD_USER_INPUT when the amount is null
   */
  readonly refundPayment: (
    userId: string,
    input: OrNull<z.input<typeof refundPaymentInput>, 'amount'>,
  ) => Promise<Refund | RefundRefused | IdempotencyProblem | ValidationFailed>;
  /**
   * Writes that all of an attempt is owed to whoever paid, once, and gives back what is left of it.
   * Whatever of it is declined or comes back later is given back again, by a job. What did not take
   * money is left alone.
   * @returns null when there is no such payment
   */
  readonly refundForOrder: (
    input: z.input<typeof refundForOrderInput>,
  ) => Promise<Payment | ValidationFailed | null>;
  /**
   * Asks the provider for a stored refund, and plans the next time while it has not decided: the
   * work of a job.
   * @throws when it was undecided for so long that a person has to look
   */
  readonly request: (refundId: string) => Promise<void>;
  /**
   * Gives back again what is owed of a payment and not on its way: the work of a job.
   * @throws when the provider declined it for so long that a person has to look
   */
  readonly repay: (paymentId: string) => Promise<void>;
  /** Asks the provider about the refunds of a payment of which there is news. May be repeated. */
  readonly askAgain: (paymentId: string) => Promise<void>;
  readonly findRefundsOfPayments: RefundStore['findRefundsOfPayments'];
};

/**
 * Makes the rules of refunds: set aside first, asked for outside any transaction, written once.
 * @param onDeferred is told why the provider could not be asked at once; a job will see to it
 */
export const makeRefunds = (deps: {
  payments: PaymentStore;
  refunds: RefundStore;
  providers: Providers;
  answers: Idempotency;
  onDeferred: (refundId: string, error: unknown) => void;
  onDeclined: (refundId: string, failureCode: string) => void;
}): Refunds => {
  const { payments, refunds, providers } = deps;

  const getPayment = async (paymentId: string): Promise<Payment> => {
    const [payment] = await payments.findPayments([paymentId]);
    if (!payment) throw new Error('a stored payment is gone');
    return payment;
  };

  const ask = async (refund: Refund): Promise<Refund> => {
    if (refund.status === 'FAILED') return refund;
    const { reference, provider: name } = await getPayment(refund.paymentId);
    if (reference === null) throw new Error('a payment that took money has no reference');
    const provider = getProvider(providers, name);
    const request = { idempotencyKey: `refund:${refund.id}`, reference, amount: refund.amount };
    const outcome =
      refund.status === 'PROCESSING'
        ? await provider.refund(request)
        : await provider.findRefund(request);
    if (!outcome) return refund;
    if (outcome.status === 'FAILED') deps.onDeclined(refund.id, outcome.failureCode);
    return refunds.settleRefund(refund.id, outcome);
  };

  const askNow = (refund: Refund): Promise<Refund> =>
    ask(refund).catch((error: unknown) => {
      deps.onDeferred(refund.id, error);
      return refund;
    });

  const requestAt = () => new Date(Date.now() + REQUEST_AFTER_MS);

  const refuse = async (paymentId: string, why: NoRefund): Promise<RefundRefused> => {
    switch (why.kind) {
      case 'payment not found':
        return problem('PAYMENT_NOT_FOUND');
      case 'not captured':
        return problem('PAYMENT_NOT_REFUNDABLE');
      case 'too much': {
        const { amount } = await getPayment(paymentId);
        return problem('REFUND_EXCEEDS_CAPTURED', {
          refundable: { amount: why.refundable, currency: amount.currency },
        });
      }
    }
  };

  return {
    refundPayment: async (userId, input) => {
      // A client that has lost its number must not give back everything.
      refuseNull(input, { amount: 'to refund all that is left' });
      const fields = validate(refundPaymentInput, input);
      if (isProblem(fields)) return fields;
      const { paymentId, amount = null, idempotencyKey } = fields;
      const refund = async (refundId: string): Promise<Refund | RefundRefused> => {
        const kept = await refunds.insertRefund(
          {
            id: refundId,
            paymentId,
            amount,
            reason: fields.reason,
            key: `request:${refundId}`,
            requestedBy: userId,
          },
          requestAt(),
        );
        return kept.kind === 'kept' ? askNow(kept.refund) : refuse(paymentId, kept);
      };
      return deps.answers.once(
        {
          userId,
          operation: 'refundPayment',
          key: idempotencyKey ?? null,
          request: [paymentId, amount, fields.reason],
          subjectId: makeId(),
        },
        refund,
      );
    },

    refundForOrder: async (input) => {
      const fields = validate(refundForOrderInput, input);
      if (isProblem(fields)) return fields;
      const { orderId, attempt } = fields;
      const ofOrder = await payments.findPaymentsOfOrders([orderId]);
      const payment = ofOrder.find((one) => one.attempt === attempt);
      if (!payment) return null;
      const debt = { paymentId: payment.id, reason: fields.reason, requestedBy: 'order' } as const;
      const refund = await refunds.oweRefund(debt, requestAt());
      if (refund) await askNow(refund);
      return getPayment(payment.id);
    },

    repay: async (paymentId) => {
      const debt = await refunds.findDebt(paymentId);
      if (!debt || debt.left === 0) return;
      if (!nextPoll(DEBT_RETRY, debt.since, new Date())) {
        throw new Error('the provider declines to give back what is owed');
      }
      const refund = await refunds.repayDebt(paymentId, requestAt());
      if (refund) await askNow(refund);
    },

    request: async (refundId) => {
      const refund = await refunds.findRefund(refundId);
      if (!refund) throw new Error('a stored refund is gone');
      if (refund.status !== 'PROCESSING') return;
      const { status, createdAt } = await ask(refund);
      if (status !== 'PROCESSING') return;
      // A bank may take days, and says so: that is no failure.
      const pollAt = nextPoll(REFUND_POLL, createdAt, new Date());
      if (!pollAt) throw new Error('the refund is not decided yet');
      await refunds.planRequest(refundId, pollAt);
    },

    askAgain: async (paymentId) => {
      for (const refund of await refunds.findRefundsOfPayments([paymentId])) await ask(refund);
    },

    findRefundsOfPayments: refunds.findRefundsOfPayments,
  };
};
