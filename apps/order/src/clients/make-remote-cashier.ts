import { validationFailed } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { Cashier, PaymentOutcome } from '../domain/cashier.ts';
import {
  CreatePaymentIntentDocument,
  PaymentStatusDocument,
  type OutcomeFragment,
} from '../generated/payment.ts';

const toOutcome = ({ status, failure }: OutcomeFragment): PaymentOutcome => {
  switch (status) {
    case 'FAILED':
      return { status, reason: failure?.code ?? 'declined' };
    // Money that was given back was taken first.
    case 'REFUNDED':
      return { status: 'SUCCEEDED' };
    case 'PROCESSING':
    case 'SUCCEEDED':
      return { status };
  }
};

/** Takes money by asking the payment service. */
export const makeRemoteCashier = (payment: ServiceClient): Cashier => ({
  charge: async ({ amount: { amount, currency }, ...charge }) => {
    const { createPaymentIntent: result } = await payment.request(CreatePaymentIntentDocument, {
      input: { ...charge, amount, currency },
    });
    return result.__typename === 'Payment' ? toOutcome(result) : validationFailed(result.fields);
  },

  findOutcome: async (orderId, attempt) => {
    const { paymentStatus } = await payment.request(PaymentStatusDocument, { orderId, attempt });
    return paymentStatus && toOutcome(paymentStatus);
  },
});
