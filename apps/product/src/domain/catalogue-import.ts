import { isProblem, type ValidationFailed } from '@cartograph/errors';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import { createProductInput } from './input.ts';
import type { Cause } from './stock-ledger.ts';

type Complete = Omit<z.output<typeof createProductInput>, 'images'>;

/** What a file may leave out. */
type Optional = 'description' | 'category' | 'stock' | 'imageUrl';

/**
 * A product of a file. The file has no value for a field that is undefined: an existing product
 * stays as it is there, a new one gets the default of NEW_PRODUCT.
 */
export type ImportedProduct = Omit<Complete, Optional> & {
  readonly [Field in Optional]: Complete[Field] | undefined;
} & {
  /** The images after the first one. */
  readonly furtherImageUrls?: readonly string[] | undefined;
};

/** The defaults of a new product. */
export const NEW_PRODUCT = { description: '', category: 'general', stock: 0 } as const;

/** What an import did: each product counts as added, changed or unchanged. */
export type ImportOutcome = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** How many changed or unchanged products have another stock than the file. */
  readonly stockLeft: number;
};

export const NOTHING_IMPORTED: ImportOutcome = { added: 0, changed: 0, unchanged: 0, stockLeft: 0 };

/** The outcome of two parts of a file. */
export const addOutcomes = (one: ImportOutcome, other: ImportOutcome): ImportOutcome => ({
  added: one.added + other.added,
  changed: one.changed + other.changed,
  unchanged: one.unchanged + other.unchanged,
  stockLeft: one.stockLeft + other.stockLeft,
});

/** Imports products into the catalogue. */
export type CatalogueImport = {
  /**
   * Creates or updates products by SKU: all of them, or none when it throws. A product without a
   * difference is not written. An archived product stays archived.
   * @param products each SKU once; new products arrive in this order
   * @param setsStock whether existing products get the file's stock; new ones always do
   */
  readonly writeProducts: (
    products: readonly ImportedProduct[],
    cause: Cause,
    setsStock: boolean,
  ) => Promise<ImportOutcome>;
};

/** Checks a product of a file by the rules of `createProduct`. */
export const checkImportedProduct = (
  input: ImportedProduct,
): ImportedProduct | ValidationFailed => {
  const { description, category, stock, imageUrl, furtherImageUrls, ...fields } = input;
  const first = typeof imageUrl === 'string' ? [imageUrl] : [];
  const product = validate(createProductInput, {
    ...fields,
    description: description ?? NEW_PRODUCT.description,
    category: category ?? NEW_PRODUCT.category,
    stock: stock ?? NEW_PRODUCT.stock,
    imageUrl,
    images: furtherImageUrls && [...first, ...furtherImageUrls].map((url) => ({ url })),
  });
  if (isProblem(product)) return product;
  const { images: _, ...valid } = product;
  return {
    ...valid,
    furtherImageUrls,
    // The normalized value, where the file has one.
    description: description === undefined ? undefined : product.description,
    category: category === undefined ? undefined : product.category,
    stock: stock === undefined ? undefined : product.stock,
    imageUrl: imageUrl === undefined ? undefined : product.imageUrl,
  };
};
