import type { Problem } from '@cartograph/errors';
import type { Page, PageRequest } from '@cartograph/pagination';
import type { Product, ProductFilter } from './product.ts';

/** What an update may change. A field that is not there stays. */
export type ProductChange = Partial<
  Pick<Product, 'name' | 'description' | 'price' | 'category' | 'imageUrl'>
>;

/** Where products are kept. */
export type ProductStore = {
  readonly insertProduct: (
    product: Product,
  ) => Promise<Product | Problem<'SKU_TAKEN', { sku: string }>>;
  readonly findProducts: (ids: readonly string[]) => Promise<readonly Product[]>;
  readonly findProductsBySku: (skus: readonly string[]) => Promise<readonly Product[]>;
  /** Newest first; the key of a page is the last id. */
  readonly listProducts: (
    filter: ProductFilter,
    page: PageRequest<string>,
  ) => Promise<Page<Product>>;
  /** @returns null when the product has another version, or is not there */
  readonly updateProduct: (
    id: string,
    version: number,
    change: ProductChange,
  ) => Promise<Product | null>;
  /** @returns null when stock would leave 0..max, or the product is not there */
  readonly addStock: (id: string, delta: number, max: number) => Promise<Product | null>;
};
