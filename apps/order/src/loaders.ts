import { makeBatchLoader } from '@cartograph/subgraph';
import type { Order } from './domain/order.ts';
import type { Orders } from './domain/orders.ts';

/** The loaders of one request. */
export const makeLoaders = (orders: Orders) => ({
  orderById: makeBatchLoader<Order>(orders.findOrders, (order) => order.id),
});

export type Loaders = ReturnType<typeof makeLoaders>;
