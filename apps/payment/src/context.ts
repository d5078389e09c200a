import type { RequestContext } from '@cartograph/subgraph';
import type { Payments } from './domain/payments.ts';
import type { ProviderEvents } from './domain/provider-events.ts';
import type { Refunds } from './domain/refunds.ts';
import type { Loaders } from './loaders.ts';

/** The context of a request to the payment subgraph. */
export type Context = RequestContext & {
  readonly payments: Payments;
  readonly refunds: Refunds;
  readonly events: ProviderEvents;
  readonly loaders: Loaders;
};
