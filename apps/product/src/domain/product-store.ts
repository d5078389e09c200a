import type { Problem } from '@cartograph/errors';
import type { Page } from '@cartograph/pagination';
import type { BoundedCount, ListedProduct, ProductFilter, ProductQuery } from './product-list.ts';
import type { Category, Product } from './product.ts';
import type { Cause } from './stock-ledger.ts';

/** Replaces the first image (null removes all of them), or all of them. */
export type ImageChange =
  | { readonly imageUrl?: string | null; readonly images?: never }
  | { readonly imageUrl?: never; readonly images?: readonly string[] };

/** What an update may change. Absent fields stay as they are. */
export type ProductChange = Partial<
  Pick<Product, 'name' | 'description' | 'price' | 'category' | 'archivedAt'>
> &
  ImageChange;

/** Stores products. Each change of stock writes to the ledger in the same transaction. */
export type ProductStore = {
  readonly insertProduct: (
    product: Product,
    cause: Cause,
  ) => Promise<Product | Problem<'SKU_TAKEN', { sku: string }>>;
  readonly findProducts: (ids: readonly string[]) => Promise<readonly Product[]>;
  readonly findProductsBySku: (skus: readonly string[]) => Promise<readonly Product[]>;
  readonly listProducts: (query: ProductQuery) => Promise<Page<ListedProduct>>;
  /** Counts the products that match a filter, up to MAX_COUNT. */
  readonly countProducts: (filter: ProductFilter) => Promise<BoundedCount>;
  /** The categories that have products, in the order of their names. */
  readonly listCategories: () => Promise<readonly Category[]>;
  /** @returns null when the product has another version or does not exist */
  readonly updateProduct: (
    id: string,
    version: number,
    change: ProductChange,
  ) => Promise<Product | null>;
  /** @returns null when stock would leave 0..max, or the product does not exist */
  readonly addStock: (
    id: string,
    delta: number,
    max: number,
    cause: Cause,
  ) => Promise<Product | null>;
};
