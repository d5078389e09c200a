import { MAX_AMOUNT } from '@cartograph/money';
import type { Connection, PageRequest } from '@cartograph/pagination';
import { text, wholeNumber } from '@cartograph/validation';
import { z } from 'zod';
import { choices, composed, currency, MAX_SKU } from './input.ts';
import type { Product } from './product.ts';

/** A field that a condition compares; the price counts in minor units. */
export type ComparedField = Exclude<keyof Product, 'price' | 'images'> | 'priceCents' | 'currency';

/** How a field is compared with the value of a condition. */
export type Comparison = 'equals' | 'isOneOf' | 'isAtLeast' | 'isAtMost' | 'isPositive';

const condition = <Schema extends z.ZodType>(
  field: ComparedField,
  comparison: Comparison,
  schema: Schema,
) => ({ field, comparison, schema: schema.nullish() });

/** A date that an ISO 8601 text of Postgres can have: an offset may lead out of these years. */
const date = z.date().refine((value) => {
  const year = value.getUTCFullYear();
  return year >= 1 && year <= 9_999;
}, 'must be in the years 1 to 9999');

/** Every condition of a filter that compares one field. Validation and SQL follow from it. */
export const CONDITIONS = {
  category: condition('category', 'equals', text(0, 60)),
  categories: condition('category', 'isOneOf', choices(60)),
  minPrice: condition('priceCents', 'isAtLeast', wholeNumber(0, MAX_AMOUNT)),
  maxPrice: condition('priceCents', 'isAtMost', wholeNumber(0, MAX_AMOUNT)),
  currency: condition('currency', 'equals', currency),
  inStock: condition('stock', 'isPositive', z.boolean()),
  skus: condition('sku', 'isOneOf', choices(MAX_SKU)),
  updatedSince: condition('updatedAt', 'isAtLeast', date),
} as const;

type Conditions = typeof CONDITIONS;

const schemas = Object.fromEntries(
  Object.entries(CONDITIONS).map(([name, { schema }]) => [name, schema]),
) as { readonly [Name in keyof Conditions]: Conditions[Name]['schema'] };

export const productFilter = z.object({
  ...schemas,
  text: composed(0, 200).nullish(),
  /** Lists archived products only, instead of the others. */
  archived: z.boolean().nullish(),
});

/** Which products to list; all conditions must hold. */
export type ProductFilter = Readonly<z.input<typeof productFilter>>;

/** A product's block, its position divided by 10,000, is a 32-bit integer. */
const MAX_POSITION = 2 ** 31 * 10_000 - 1;

const position = z.int().positive().max(MAX_POSITION);

const MAX_BIGINT = 2n ** 63n;

/** An amount that a number can't represent: such a price is hidden, but a page may end there. */
const longAmount = z
  .string()
  .regex(/^-?[1-9]\d{15,18}$/, { abort: true })
  .refine((digits) => BigInt(digits) < MAX_BIGINT && BigInt(digits) >= -MAX_BIGINT);

const byPrice = z.tuple([z.union([z.int(), longAmount]), z.uuid()]).readonly();

/** A name has at most 200 characters, each of one or two UTF-16 units. */
const MAX_NAME_UNITS = 400;

/** Postgres can store neither NUL nor half of a surrogate pair. */
const name = z
  .string()
  .max(MAX_NAME_UNITS)
  .refine((value) => !value.includes('\0') && value.isWellFormed());

/** The position of a product in each order: the value that it is sorted by, then the tiebreaker. */
const KEYS = {
  NEWEST: z.tuple([position]).readonly(),
  PRICE_ASC: byPrice,
  PRICE_DESC: byPrice,
  NAME_ASC: z.tuple([name, z.uuid()]).readonly(),
  /** Rank 1: all terms are in the product's name. Rank 0: they are elsewhere too. */
  RELEVANCE: z.tuple([z.union([z.literal(0), z.literal(1)]), position]).readonly(),
} as const;

/** The order of a list of products. */
export type ProductSort = keyof typeof KEYS;

export type ProductKeys = { readonly [Sort in ProductSort]: z.output<(typeof KEYS)[Sort]> };

export type ProductKey = ProductKeys[ProductSort];

/** @returns null when the values are not a key of this order */
export const readProductKey = (sort: ProductSort, values: readonly unknown[]): ProductKey | null =>
  KEYS[sort].safeParse(values).data ?? null;

/** The requested order; RELEVANCE needs a text and is then the default. */
export const chooseSort = (
  filter: ProductFilter,
  sort: ProductSort | null | undefined,
): ProductSort => {
  if (filter.text?.trim()) return sort ?? 'RELEVANCE';
  return sort && sort !== 'RELEVANCE' ? sort : 'NEWEST';
};

/** A request for one page of products. */
export type ProductQuery = {
  readonly filter: ProductFilter;
  readonly sort: ProductSort;
  readonly page: PageRequest<ProductKey>;
};

/** A listed row. Its product is null when it can't be displayed; the next page starts after it. */
export type ListedProduct = { readonly product: Product | null; readonly key: ProductKey };

/** How many products match a filter, up to MAX_COUNT; `isExceeded` when there are more. */
export type BoundedCount = { readonly count: number; readonly isExceeded: boolean };

/** Bounds the cost of counting: clients display larger counts as `10,000+`. */
export const MAX_COUNT = 10_000;

/** A page of products. */
export type ProductPage = Connection<Product> & {
  /** The size of the whole list; counted on the first call only. */
  readonly countAll: () => Promise<BoundedCount>;
};
