import type { RequestContext } from '@cartograph/subgraph';
import type { Orders } from './domain/orders.ts';
import type { Loaders } from './loaders.ts';

/** What a request to the order subgraph carries. */
export type Context = RequestContext & {
  readonly orders: Orders;
  readonly loaders: Loaders;
};
