import type { Resolvers } from '../generated/resolvers.ts';
import { Mutation } from './mutation.ts';
import { OrderEvent } from './order-event.ts';
import { Order, OrderItem, OrderPreviewItem } from './order.ts';
import { Query } from './query.ts';
import { User } from './user.ts';

/** Every resolver of the order subgraph. */
export const resolvers: Resolvers = {
  Mutation,
  Order,
  OrderEvent,
  OrderItem,
  OrderPreviewItem,
  Query,
  User,
};
