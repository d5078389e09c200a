import { validationFailed } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { PaymentClient, PaymentOutcome } from '../domain/payment-client.ts';
import {
  CreatePaymentIntentDocument,
  PaymentStatusDocument,
  RefundForOrderDocument,
  type OutcomeFragment,
} from '../generated/payment.ts';

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

/** Every call may be repeated: order and attempt identify a payment. */
const SAFE = { isSafe: true };

/** Calls the payment service. */
export const makeRemotePaymentClient = (payment: ServiceClient): PaymentClient => ({
  charge: async ({ amount: { amount, currency }, ...charge }) => {
    const { createPaymentIntent: result } = await payment.request(
      CreatePaymentIntentDocument,
      { input: { ...charge, amount, currency } },
      SAFE,
    );
    return result.__typename === 'Payment' ? toOutcome(result) : validationFailed(result.fields);
  },

  findOutcome: async (orderId, attempt) => {
    const { paymentStatus } = await payment.request(
      PaymentStatusDocument,
      { orderId, attempt },
      SAFE,
    );
    return paymentStatus && toOutcome(paymentStatus);
  },

  refund: async (input) => {
    const { refundForOrder } = await payment.request(RefundForOrderDocument, { input }, SAFE);
    if (!refundForOrder) throw new Error('there is no such payment to refund');
  },
});
