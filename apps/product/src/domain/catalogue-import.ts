import { validate } from '@cartograph/validation';
import { isProblem, type ValidationFailed } from '@cartograph/errors';
import type { z } from 'zod';
import { createProductInput } from './product-input.ts';
import type { Cause } from './stock-movement.ts';

type Complete = z.output<typeof createProductInput>;

/** What a file may leave out. */
type Optional = 'description' | 'category' | 'stock' | 'imageUrl';

/**
 * A product as a file tells of it. What is undefined there, the file has no word of: a product that
 * is in the catalogue keeps its own, a new one gets what NEW_PRODUCT says.
 */
export type ImportedProduct = Omit<Complete, Optional> & {
  readonly [Field in Optional]: Complete[Field] | undefined;
};

/** What a new product is where its file does not say. */
export const NEW_PRODUCT = { description: '', category: 'general', stock: 0 } as const;

/** What became of some products of a file: each one counts as added, changed or unchanged. */
export type ImportOutcome = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Those among changed and unchanged whose stock is not the file's, and was left. */
  readonly stockLeft: number;
};

export const NOTHING_IMPORTED: ImportOutcome = { added: 0, changed: 0, unchanged: 0, stockLeft: 0 };

/** The outcome of two parts of one file. */
export const addOutcomes = (one: ImportOutcome, other: ImportOutcome): ImportOutcome => ({
  added: one.added + other.added,
  changed: one.changed + other.changed,
  unchanged: one.unchanged + other.unchanged,
  stockLeft: one.stockLeft + other.stockLeft,
});

/** Where a catalogue from outside is brought in. */
export type CatalogueImport = {
  /**
   * Makes the catalogue say what these products say, by their SKUs: all of them, or none when it
   * throws. A product that says so already is not touched. One that is archived stays archived.
   * @param products each SKU once, in the order in which new ones arrive
   * @param setsStock whether a product that is there gets the file's stock; a new one always does
   */
  readonly writeProducts: (
    products: readonly ImportedProduct[],
    cause: Cause,
    setsStock: boolean,
  ) => Promise<ImportOutcome>;
};

/** Checks a product of a file by the rules that an administrator's products pass. */
export const checkImportedProduct = (
  input: ImportedProduct,
): ImportedProduct | ValidationFailed => {
  const { description, category, stock, imageUrl, ...fields } = input;
  const product = validate(createProductInput, {
    ...fields,
    description: description ?? NEW_PRODUCT.description,
    category: category ?? NEW_PRODUCT.category,
    stock: stock ?? NEW_PRODUCT.stock,
    imageUrl,
  });
  if (isProblem(product)) return product;
  return {
    ...product,
    // What the rules make of it, where the file has a word of it.
    description: description === undefined ? undefined : product.description,
    category: category === undefined ? undefined : product.category,
    stock: stock === undefined ? undefined : product.stock,
    imageUrl: imageUrl === undefined ? undefined : product.imageUrl,
  };
};
