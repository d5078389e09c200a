import { isWithin } from '@cartograph/validation';
import { MAX_AMOUNT } from '@cartograph/money';
import {
  Type,
  type Static,
  type TArray,
  type TOptional,
  type TRefine,
  type TSchema,
  type TString,
} from 'typebox';
import type {
  ListProductsQueryVariables,
  ProductFilter,
  ProductSort,
} from '../generated/operations.ts';
import { documented } from './documented.ts';
import {
  currency,
  MAX_PARAM,
  oneOf,
  paging,
  safeInteger,
  textOf,
  toPageArguments,
} from './fields.ts';

/** The longest SKU that a product has. */
const MAX_SKU = 64;

const SORTS = {
  newest: 'NEWEST',
  price_asc: 'PRICE_ASC',
  price_desc: 'PRICE_DESC',
  name_asc: 'NAME_ASC',
  relevance: 'RELEVANCE',
} as const satisfies Record<string, ProductSort>;

const several = (max: number, what: string): TArray<TRefine<TString>> =>
  Type.Array(textOf(max), {
    maxItems: 100,
    description: `${what} Separate several with commas, or repeat the parameter.`,
  });

/** The fields of the graph's filter that no parameter sets, or that need more than a new name. */
type OtherFields = 'categories' | 'category';

const priceBound = safeInteger('In the smallest unit of the currency.', {
  minimum: 0,
  maximum: MAX_AMOUNT,
});

/** Each field of the graph's filter: its parameter, and the schema of it. */
const FILTERS = {
  text: [
    'q',
    textOf(200, {
      description:
        'Words of the name, SKU, category or description; the last word may be a prefix.',
    }),
  ],
  skus: ['sku', several(MAX_SKU, 'Any of up to 100 article numbers.')],
  minPrice: ['min_price_cents', priceBound],
  maxPrice: ['max_price_cents', priceBound],
  currency: ['currency', currency],
  inStock: ['in_stock', Type.Boolean({ description: 'Only products that can be ordered now.' })],
  updatedSince: [
    'updated_since',
    Type.String({
      format: 'date-time',
      maxLength: MAX_PARAM,
      description: 'Only products whose `updated_at` is this time or later.',
    }),
  ],
  archived: [
    'archived',
    Type.Boolean({ description: 'Only archived products. For administrators.' }),
  ],
} as const satisfies Record<Exclude<keyof ProductFilter, OtherFields>, readonly [string, TSchema]>;

type Filters = typeof FILTERS;

/** The parameter that each argument of the graph's filter is made from. */
export const FILTER_PARAMETERS: readonly (readonly [argument: string, parameter: string])[] = [
  ['filter.categories', 'category'],
  ['filter.category', 'category'],
  ...Object.entries(FILTERS).map(([field, [name]]) => [`filter.${field}`, name] as const),
];

const filterParameters = Object.fromEntries(
  Object.values(FILTERS).map(([name, schema]) => [name, Type.Optional(schema)]),
) as { readonly [Field in keyof Filters as Filters[Field][0]]: TOptional<Filters[Field][1]> };

/** Which products to list, and in which order. All conditions must hold. */
export const productsQuery = Type.Object(
  {
    ...paging,
    ...filterParameters,
    category: Type.Optional(several(60, 'Any of up to 100 categories.')),
    sort: Type.Optional(
      oneOf(
        ['newest', 'price_asc', 'price_desc', 'name_asc', 'relevance'],
        '`relevance` with a `q`, otherwise `newest`. A cursor is valid for its own order only.',
      ),
    ),
    include_total: Type.Optional(
      Type.Boolean({ description: 'Count all pages too: `total_count` and `total_exceeded`.' }),
    ),
  },
  { additionalProperties: false },
);

type ProductsQuery = Static<typeof productsQuery>;

/** An index sorts the products of one category, but not of several. */
const toCategories = (names: readonly string[] | undefined) => {
  const [first, ...others] = new Set(names);
  if (first === undefined) return {};
  return others.length === 0 ? { category: first } : { categories: [first, ...others] };
};

/**
 * The arguments of `Query.products`.
 * @throws ProblemError VALIDATION_FAILED when the query has both cursors
 */
export const toProductsArguments = (query: ProductsQuery): ListProductsQueryVariables => ({
  ...toPageArguments(query),
  filter: {
    ...toCategories(query.category),
    ...Object.fromEntries(
      Object.entries(FILTERS).map(([field, [name]]) => [field, query[name as keyof ProductsQuery]]),
    ),
  },
  sort: query.sort && SORTS[query.sort],
  withTotal: query.include_total ?? false,
});

/** The path of one product by its article number. */
export const skuParams = Type.Object({
  sku: Type.String({
    maxLength: MAX_PARAM,
    description: 'The article number of the shop.',
    ...documented({ examples: ['MUG-1'] }),
  }),
});

/**
 * The SKU in a path. The graph rejects one with a NUL, or one that is too long, as bad input; the
 * empty text stands for it, so that the API answers 404.
 */
export const readPathSku = ({ sku }: Static<typeof skuParams>): string =>
  isWithin(sku, MAX_SKU) && !sku.includes('\0') ? sku : '';

/** The entity tags that the client has. */
export const cacheHeaders = Type.Object({
  'if-none-match': Type.Optional(
    textOf(4_096, {
      description: 'ETags of copies that the client has: 304 when one of them is current.',
      examples: ['"9xKq0c1Jm3Vw8sTzYb2LhA"'],
    }),
  ),
});
