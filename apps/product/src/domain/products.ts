import {
  isProblem,
  problem,
  ShopError,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Page, PageRequest } from '@cartograph/pagination';
import { validate } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import {
  adjustStockInput,
  createProductInput,
  MAX_STOCK,
  productFilter,
  updateProductInput,
} from './product-input.ts';
import type { ProductStore } from './product-store.ts';
import type { Product, ProductFilter } from './product.ts';
import type { OutOfStock } from './reservation.ts';

type NotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

/** What can be done with the catalogue. */
export type Products = {
  readonly createProduct: (
    input: z.input<typeof createProductInput>,
  ) => Promise<Product | Problem<'SKU_TAKEN', { sku: string }> | ValidationFailed>;
  readonly updateProduct: (
    input: z.input<typeof updateProductInput>,
  ) => Promise<
    Product | NotFound | Problem<'VERSION_CONFLICT', { currentVersion: number }> | ValidationFailed
  >;
  readonly adjustStock: (
    input: z.input<typeof adjustStockInput>,
  ) => Promise<Product | NotFound | OutOfStock | ValidationFailed>;
  /** @throws ShopError BAD_USER_INPUT when the filter has values that are not allowed */
  readonly listProducts: (
    filter: ProductFilter,
    page: PageRequest<string>,
  ) => Promise<Page<Product>>;
  readonly findProducts: ProductStore['findProducts'];
  readonly findProductsBySku: ProductStore['findProductsBySku'];
};

/** A change without the fields that the client left out or set to null. */
const withoutNothing = <Change extends object>(change: Change) =>
  Object.fromEntries(
    Object.entries(change).filter(
      ([field, value]) => value !== undefined && (value !== null || field === 'imageUrl'),
    ),
  );

/** Makes the rules of the catalogue over where it is kept. */
export const makeProducts = (store: ProductStore): Products => ({
  createProduct: async (input) => {
    const fields = validate(createProductInput, input);
    if (isProblem(fields)) return fields;
    const now = new Date();
    return store.insertProduct({
      ...fields,
      id: makeId(),
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
  },

  updateProduct: async (input) => {
    const fields = validate(updateProductInput, input);
    if (isProblem(fields)) return fields;
    const { id, version, ...change } = fields;
    const updated = await store.updateProduct(id, version, withoutNothing(change));
    if (updated) return updated;
    const [current] = await store.findProducts([id]);
    return current
      ? problem('VERSION_CONFLICT', { currentVersion: current.version })
      : problem('PRODUCT_NOT_FOUND', { productId: id });
  },

  adjustStock: async (input) => {
    const fields = validate(adjustStockInput, input);
    if (isProblem(fields)) return fields;
    const { productId, delta } = fields;
    const adjusted = await store.addStock(productId, delta, MAX_STOCK);
    if (adjusted) return adjusted;
    const [current] = await store.findProducts([productId]);
    if (!current) return problem('PRODUCT_NOT_FOUND', { productId });
    if (delta > 0) {
      return validationFailed([{ path: 'delta', message: `would make more than ${MAX_STOCK}` }]);
    }
    return problem('OUT_OF_STOCK', {
      shortages: [
        { productId, sku: current.sku, requested: Math.abs(delta), available: current.stock },
      ],
    });
  },

  listProducts: async (filter, page) => {
    const conditions = validate(productFilter, filter);
    if (isProblem(conditions)) {
      throw new ShopError('BAD_USER_INPUT', `filter.${conditions.message}`);
    }
    return store.listProducts(conditions, page);
  },

  findProducts: store.findProducts,
  findProductsBySku: store.findProductsBySku,
});
