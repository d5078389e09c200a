import { makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import type { OrderEvent } from './domain/order-event.ts';
import type { Order } from './domain/order.ts';
import type { Orders } from './domain/orders.ts';

/** The loaders of one request. */
export const makeLoaders = (orders: Orders) => ({
  orderById: makeBatchLoader<Order>(orders.findOrders, (order) => order.id),
  historyByOrder: makeGroupLoader<OrderEvent>(orders.findHistory, (event) => event.orderId),
});

export type Loaders = ReturnType<typeof makeLoaders>;
