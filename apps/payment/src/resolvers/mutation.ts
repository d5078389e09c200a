import { isProblem, ShopError } from '@cartograph/errors';
import { getViewer, readId, toResult } from '@cartograph/subgraph';
import type { Payment } from '../domain/payment.ts';
import type { EventReceipt } from '../domain/provider-events.ts';
import type { Refund } from '../domain/refund.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toPayment = (payment: Payment) => ({ ...payment, __typename: 'Payment' as const });
const toRefund = (refund: Refund) => ({ ...refund, __typename: 'Refund' as const });
const toReceipt = (receipt: EventReceipt) => ({ ...receipt, __typename: 'PaymentEvent' as const });

export const Mutation: MutationResolvers = {
  createPaymentIntent: async (_, { input }, { payments }) =>
    toResult(await payments.createIntent(input), toPayment),

  closePayment: async (_, { input }, { payments }) => {
    const payment = await payments.close(input);
    if (isProblem(payment)) throw new ShopError('BAD_USER_INPUT', payment.message);
    return payment;
  },

  refundPayment: async (_, { input }, context) =>
    toResult(await context.refunds.refundPayment(getViewer(context).id, input), toRefund),

  refundForOrder: async (_, { input }, { refunds }) => {
    const orderId = readId(input.orderId, 'orderId');
    const payment = await refunds.refundForOrder({ ...input, orderId });
    if (isProblem(payment)) throw new ShopError('BAD_USER_INPUT', payment.message);
    return payment;
  },

  recordPaymentEvent: async (_, { input }, { events }) =>
    toResult(await events.record(input), toReceipt),
};
