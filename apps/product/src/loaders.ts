import { makeBatchLoader } from '@cartograph/subgraph';
import type { Product } from './domain/product.ts';
import type { Products } from './domain/products.ts';

/** The loaders of one request. */
export const makeLoaders = (products: Products) => ({
  productById: makeBatchLoader<Product>(products.findProducts, (product) => product.id),
  productBySku: makeBatchLoader<Product>(products.findProductsBySku, (product) => product.sku),
});

export type Loaders = ReturnType<typeof makeLoaders>;
