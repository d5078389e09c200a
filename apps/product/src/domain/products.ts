import {
  argumentErrorOf,
  isProblem,
  problem,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import { refuseNull, validate, type OrNull } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import type { z } from 'zod';
import {
  adjustStockInput,
  archiveProductInput,
  createProductInput,
  MAX_STOCK,
  NOT_CLEARED,
  updateProductInput,
} from './input.ts';
import { productFilter, type ProductFilter } from './product-list.ts';
import type { ImageChange, ProductChange, ProductStore } from './product-store.ts';
import type { Product } from './product.ts';
import type { OutOfStock } from './reservation.ts';

type NotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

type Updated =
  Product | NotFound | Problem<'VERSION_CONFLICT', { currentVersion: number }> | ValidationFailed;

/** The operations of the catalogue. `actor` is the id of the account that performs one. */
export type Products = {
  readonly createProduct: (
    actor: string,
    input: z.input<typeof createProductInput>,
  ) => Promise<Product | Problem<'SKU_TAKEN', { sku: string }> | ValidationFailed>;
  /** @throws ShopError BAD_USER_INPUT when a field that can't be cleared is null */
  readonly updateProduct: (
    input: OrNull<z.input<typeof updateProductInput>, keyof typeof NOT_CLEARED>,
  ) => Promise<Updated>;
  readonly archiveProduct: (input: z.input<typeof archiveProductInput>) => Promise<Updated>;
  readonly restoreProduct: (input: z.input<typeof archiveProductInput>) => Promise<Updated>;
  readonly adjustStock: (
    actor: string,
    input: z.input<typeof adjustStockInput>,
  ) => Promise<Product | NotFound | OutOfStock | ValidationFailed>;
  /** @throws ShopError BAD_USER_INPUT when the filter has values that are not allowed */
  readonly listProducts: ProductStore['listProducts'];
  readonly countProducts: ProductStore['countProducts'];
  readonly listCategories: ProductStore['listCategories'];
  readonly findProducts: ProductStore['findProducts'];
  readonly findProductsBySku: ProductStore['findProductsBySku'];
};

type GivenImages = {
  readonly imageUrl?: string | null | undefined;
  readonly images?: readonly { readonly url: string }[] | null | undefined;
};

/** What an input says about images: `imageUrl` is the first of `images`, so it may have one of them. */
const readImages = ({ imageUrl, images }: GivenImages): ImageChange | ValidationFailed => {
  const urls = images?.map(({ url }) => url);
  if (!urls) return imageUrl === undefined ? {} : { imageUrl };
  if (imageUrl === undefined || imageUrl === null) return { images: urls };
  return validationFailed([{ path: 'images', message: 'must not be given with imageUrl' }]);
};

/** A change without the fields that the client left out. */
const withoutAbsent = <Change extends object>(change: Change) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** @throws ShopError BAD_USER_INPUT when the filter has values that are not allowed */
const checkFilter = (filter: ProductFilter): ProductFilter => {
  const conditions = validate(productFilter, filter);
  if (isProblem(conditions)) throw argumentErrorOf(conditions, 'filter');
  return conditions;
};

/** Makes the operations of the catalogue on a store. */
export const makeProducts = (store: ProductStore): Products => {
  const change = async (id: string, version: number, to: ProductChange): Promise<Updated> => {
    const updated = await store.updateProduct(id, version, to);
    if (updated) return updated;
    const [current] = await store.findProducts([id]);
    return current
      ? problem('VERSION_CONFLICT', { currentVersion: current.version })
      : problem('PRODUCT_NOT_FOUND', { productId: id });
  };

  const archive =
    (archivedAt: () => Date | null): Products['archiveProduct'] =>
    async (input) => {
      const fields = validate(archiveProductInput, input);
      if (isProblem(fields)) return fields;
      return change(fields.id, fields.version, { archivedAt: archivedAt() });
    };

  return {
    createProduct: async (actor, input) => {
      const fields = validate(createProductInput, input);
      if (isProblem(fields)) return fields;
      const change = readImages(fields);
      if (isProblem(change)) return change;
      const images = change.images ?? (fields.imageUrl === null ? [] : [fields.imageUrl]);
      const now = new Date();
      return store.insertProduct(
        {
          ...fields,
          imageUrl: images[0] ?? null,
          images,
          id: makeId(),
          version: 1,
          createdAt: now,
          updatedAt: now,
          archivedAt: null,
        },
        { actor, reason: 'created' },
      );
    },

    updateProduct: async (input) => {
      refuseNull(input, NOT_CLEARED);
      const fields = validate(updateProductInput, input);
      if (isProblem(fields)) return fields;
      const { id, version, imageUrl, images, ...to } = fields;
      const imageChange = readImages({ imageUrl, images });
      if (isProblem(imageChange)) return imageChange;
      return change(id, version, { ...withoutAbsent(to), ...imageChange });
    },

    archiveProduct: archive(() => new Date()),
    restoreProduct: archive(() => null),

    adjustStock: async (actor, input) => {
      const fields = validate(adjustStockInput, input);
      if (isProblem(fields)) return fields;
      const { productId, delta, reason } = fields;
      const adjusted = await store.addStock(productId, delta, MAX_STOCK, { actor, reason });
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

    listProducts: async (query) =>
      store.listProducts({ ...query, filter: checkFilter(query.filter) }),

    countProducts: async (filter) => store.countProducts(checkFilter(filter)),

    listCategories: store.listCategories,
    findProducts: store.findProducts,
    findProductsBySku: store.findProductsBySku,
  };
};
