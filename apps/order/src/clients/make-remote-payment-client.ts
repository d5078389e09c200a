import { validationFailed } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { PaymentClient, PaymentOutcome } from '../domain/payment-client.ts';
import {
  ClosePaymentDocument,
  CreatePaymentIntentDocument,
  PaymentStatusDocument,
  RefundForOrderDocument,
  type OutcomeFragment,
} from '../generated/payment.ts';

/** The failure of an attempt that was closed: it is no payment, and none can be made. */
const NOT_STARTED = 'not_started';

const toOutcome = ({ status, failure }: OutcomeFragment): PaymentOutcome => {
  switch (status) {
    case 'FAILED':
      return { status, reason: failure?.code ?? 'declined' };
    case 'PROCESSING':
    case 'REFUNDED':
    case 'SUCCEEDED':
      return { status };
  }
};

/** Null when the attempt was closed before it was charged. */
const toOpenOutcome = (payment: OutcomeFragment | null): PaymentOutcome | null =>
  payment === null || payment.failure?.code === NOT_STARTED ? null : toOutcome(payment);

/** Every call may be repeated: order and attempt identify a payment. */
const SAFE = { isSafe: true };

/** Calls the payment service. */
export const makeRemotePaymentClient = (payment: ServiceClient): PaymentClient => ({
  charge: async ({ amount: { amount, currency }, chargeUntil, ...charge }) => {
    const { createPaymentIntent: result } = await payment.request(
      CreatePaymentIntentDocument,
      { input: { ...charge, amount, currency, chargeUntil: chargeUntil.toISOString() } },
      SAFE,
    );
    return result.__typename === 'Payment'
      ? toOpenOutcome(result)
      : validationFailed(result.fields);
  },

  close: async ({ amount: { amount, currency }, ...attempt }) => {
    const { closePayment } = await payment.request(
      ClosePaymentDocument,
      { input: { ...attempt, amount, currency } },
      SAFE,
    );
    return toOpenOutcome(closePayment);
  },

  findOutcome: async (orderId, attempt) => {
    const { paymentStatus } = await payment.request(
      PaymentStatusDocument,
      { orderId, attempt },
      SAFE,
    );
    return toOpenOutcome(paymentStatus);
  },

  refund: async (input) => {
    const { refundForOrder } = await payment.request(RefundForOrderDocument, { input }, SAFE);
    if (!refundForOrder) throw new Error('there is no such payment to refund');
  },
});
