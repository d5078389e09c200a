import type { Resolvers } from '../generated/resolvers.ts';
import { Mutation } from './mutation.ts';
import { Order } from './order.ts';
import { Payment } from './payment.ts';
import { Query } from './query.ts';

/** Every resolver of the payment subgraph. */
export const resolvers: Resolvers = { Mutation, Order, Payment, Query };
