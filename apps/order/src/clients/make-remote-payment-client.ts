import { validationFailed } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { IdentifiedOutcome, PaymentClient } from '../domain/payment-client.ts';
import {
  ClosePaymentDocument,
  CreatePaymentIntentDocument,
  PaymentStatusDocument,
  RefundForOrderDocument,
  type OutcomeFragment,
} from '../generated/payment.ts';

/** The failure of an attempt that was closed: it is no payment, and none can be made. */
const NOT_STARTED = 'not_started';

const toOutcome = ({ id: paymentId, status, failure }: OutcomeFragment): IdentifiedOutcome => {
  switch (status) {
    case 'FAILED':
      return { paymentId, status, reason: failure?.code ?? 'declined' };
    case 'PROCESSING':
    case 'REFUNDED':
    case 'SUCCEEDED':
      return { paymentId, status };
  }
};

/** Null when the attempt was closed before it was charged. */
const toOpenOutcome = (payment: OutcomeFragment | null): IdentifiedOutcome | null =>
  payment === null || payment.failure?.code === NOT_STARTED ? null : toOutcome(payment);

/** Every call may be repeated: order and attempt identify a payment. */
const SAFE = { isSafe: true };

/** Whether a payment service of the release before refused a request: it does not know the field. */
const isOfFormerRelease = ({ cause }: Error): boolean =>
  cause instanceof Error && cause.message.includes('"chargeUntil" is not defined');

/** Calls the payment service. */
export const makeRemotePaymentClient = (payment: ServiceClient): PaymentClient => ({
  charge: async ({ amount: { amount, currency }, chargeUntil, ...charge }) => {
    const input = { ...charge, amount, currency };
    const request = (fields: { readonly chargeUntil?: string }) =>
      payment.request(CreatePaymentIntentDocument, { input: { ...input, ...fields } }, SAFE);
    const { createPaymentIntent: result } = await request({
      chargeUntil: chargeUntil.toISOString(),
    }).catch((error: Error) => {
      if (!isOfFormerRelease(error)) throw error;
      return request({});
    });
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
