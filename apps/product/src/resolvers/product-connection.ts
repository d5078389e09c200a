import type { Connection } from '@cartograph/pagination';
import type { BoundedCount } from '../domain/product-list.ts';
import type { Product } from '../domain/product.ts';
import type { ProductConnectionResolvers } from '../generated/resolvers.ts';

/** A page of products, and how many there are in all for those who ask. */
export type ProductConnection = Connection<Product> & {
  /** Counts once, when first called. */
  readonly countAll: () => Promise<BoundedCount>;
};

/** Lets `make` run once, when its value is first asked for. */
export const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
};

export const ProductConnectionFields: ProductConnectionResolvers = {
  totalCount: async ({ countAll }) => (await countAll()).count,
  totalCountExceeded: async ({ countAll }) => (await countAll()).isExceeded,
};
