import type { Connection } from '@cartograph/pagination';
import type { BoundedCount } from '../domain/product-list.ts';
import type { Product } from '../domain/product.ts';

/** A page of products, and how many there are in all for those who ask. */
export type ProductPage = Connection<Product> & {
  /** Counts once, when first called. */
  readonly countAll: () => Promise<BoundedCount>;
};

/** Makes the value when it is first asked for, and keeps it. */
export const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
};
