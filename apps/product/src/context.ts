import type { RequestContext } from '@cartograph/subgraph';
import type { Products } from './domain/products.ts';
import type { Reservations } from './domain/reservations.ts';
import type { StockLedger } from './domain/stock-ledger.ts';
import type { Loaders } from './loaders.ts';

/** What a request to the product subgraph carries. */
export type Context = RequestContext & {
  readonly products: Products;
  readonly reservations: Reservations;
  readonly ledger: StockLedger;
  readonly loaders: Loaders;
};
