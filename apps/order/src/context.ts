import type { RequestContext } from '@cartograph/subgraph';
import type { Orders } from './domain/orders.ts';
import type { Loaders } from './loaders.ts';

/** The context of a request to the order subgraph. */
export type Context = RequestContext & {
  readonly orders: Orders;
  readonly loaders: Loaders;
};
