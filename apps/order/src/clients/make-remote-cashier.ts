import { validationFailed } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { Cashier, PaymentOutcome } from '../domain/cashier.ts';
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

/** All of it may be repeated: order and attempt are the key of a payment. */
const SAFE = { isSafe: true };

/** Takes money by asking the payment service. */
export const makeRemoteCashier = (payment: ServiceClient): Cashier => ({
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
    if (!refundForOrder) throw new Error('there is no such payment to be given back');
  },
});
