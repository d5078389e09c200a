import type { Problem } from '@cartograph/errors';
import type { Page } from '@cartograph/pagination';
import type { BoundedCount, ListedProduct, ProductFilter, ProductQuery } from './product-list.ts';
import type { Category, Product } from './product.ts';
import type { Cause } from './stock-movement.ts';

/** What an update may change. A field that is not there stays. */
export type ProductChange = Partial<
  Pick<Product, 'name' | 'description' | 'price' | 'category' | 'imageUrl' | 'archivedAt'>
>;

/** Where products are kept. Whatever moves stock writes it into the ledger in the same step. */
export type ProductStore = {
  readonly insertProduct: (
    product: Product,
    cause: Cause,
  ) => Promise<Product | Problem<'SKU_TAKEN', { sku: string }>>;
  readonly findProducts: (ids: readonly string[]) => Promise<readonly Product[]>;
  readonly findProductsBySku: (skus: readonly string[]) => Promise<readonly Product[]>;
  readonly listProducts: (query: ProductQuery) => Promise<Page<ListedProduct>>;
  /** Counts what a filter finds, up to MAX_COUNT. */
  readonly countProducts: (filter: ProductFilter) => Promise<BoundedCount>;
  /** In the order of their names; those without products are left out. */
  readonly listCategories: () => Promise<readonly Category[]>;
  /** @returns null when the product has another version, or is not there */
  readonly updateProduct: (
    id: string,
    version: number,
    change: ProductChange,
  ) => Promise<Product | null>;
  /** @returns null when stock would leave 0..max, or the product is not there */
  readonly addStock: (
    id: string,
    delta: number,
    max: number,
    cause: Cause,
  ) => Promise<Product | null>;
};
