import { toResult } from '@cartograph/subgraph';
import type { Payment } from '../domain/payment.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toPayment = (payment: Payment) => ({ ...payment, __typename: 'Payment' as const });

export const Mutation: MutationResolvers = {
  createPaymentIntent: async (_, { input }, { payments }) =>
    toResult(await payments.createIntent(input), toPayment),
};
