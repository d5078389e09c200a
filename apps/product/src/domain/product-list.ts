import type { TwoWayPageRequest } from '@cartograph/pagination';
import type { Product } from './product.ts';

/** Which products to list; conditions add up. Prices in minor units. */
export type ProductFilter = {
  readonly text?: string | null | undefined;
  readonly category?: string | null | undefined;
  readonly categories?: readonly string[] | null | undefined;
  readonly minPrice?: number | null | undefined;
  readonly maxPrice?: number | null | undefined;
  readonly currency?: string | null | undefined;
  readonly inStock?: boolean | null | undefined;
  readonly skus?: readonly string[] | null | undefined;
  readonly archived?: boolean | null | undefined;
};

/** In which order to list products. */
export type ProductSort = 'NEWEST' | 'PRICE_ASC' | 'PRICE_DESC' | 'NAME_ASC' | 'RELEVANCE';

/** Where a product stands in each order: what the order goes by, and what breaks its ties. */
export type ProductKeys = {
  readonly NEWEST: readonly [position: number];
  /** An amount that is not exact as a number is text: such a row is not shown, but passed. */
  readonly PRICE_ASC: readonly [amount: number | string, id: string];
  readonly PRICE_DESC: readonly [amount: number | string, id: string];
  readonly NAME_ASC: readonly [name: string, id: string];
  /** A product has rank 1 when all the words are in its name, else 0. */
  readonly RELEVANCE: readonly [rank: number, position: number];
};

export type ProductKey = ProductKeys[ProductSort];

/** One page of products in one order. */
export type ProductQuery = {
  readonly filter: ProductFilter;
  readonly sort: ProductSort;
  readonly page: TwoWayPageRequest<ProductKey>;
};

/**
 * A row and where it stands in the list that it was read from. Its product is null when it can't be
 * shown: the next page begins after it all the same.
 */
export type ListedProduct = { readonly product: Product | null; readonly key: ProductKey };

/** How many products a filter finds, counted up to a bound; `isExceeded` when there are more. */
export type BoundedCount = { readonly count: number; readonly isExceeded: boolean };

/** Counting more would read more than the page itself, and nobody reads the difference. */
export const MAX_COUNT = 10_000;

/** The order that is meant: by relevance only where there is a text to be relevant to. */
export const chooseSort = (
  filter: ProductFilter,
  sort: ProductSort | null | undefined,
): ProductSort => {
  if (filter.text?.trim()) return sort ?? 'RELEVANCE';
  return sort && sort !== 'RELEVANCE' ? sort : 'NEWEST';
};
