import { type RequestContext, makeBatchLoader } from '@cartograph/subgraph';
import type { Product } from './domain/product.ts';
import type { Products } from './domain/products.ts';
import type { Reservations } from './domain/reservations.ts';
import type { StockLedger } from './domain/stock-ledger.ts';

/** The loaders of one request. */
export const makeLoaders = (products: Products) => ({
  productById: makeBatchLoader<Product>(products.findProducts, (product) => product.id),
  productBySku: makeBatchLoader<Product>(products.findProductsBySku, (product) => product.sku),
});

/** What a request to the product subgraph carries. */
export type Context = RequestContext & {
  readonly products: Products;
  readonly reservations: Reservations;
  readonly ledger: StockLedger;
  readonly loaders: ReturnType<typeof makeLoaders>;
};
