import { DEFAULT_PAGE_SIZE } from '@cartograph/pagination';
import { isWithin } from '@cartograph/validation';
import { Type, type Static, type TArray, type TRefine, type TString } from 'typebox';
import type { ListProductsQueryVariables, ProductSort } from '../generated/operations.ts';
import { Refusal } from '../problems/refusal.ts';
import { currency, oneOf, paging, safeInteger } from './fields.ts';
import { cursorText, MAX_PARAM, textOf } from './texts.ts';

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
    description: `${what} Several by commas, or by repeating the parameter.`,
  });

/** Which products to list, in which order. Conditions add up. */
export const productsQuery = Type.Object(
  {
    ...paging,
    before: Type.Optional(cursorText('The `prev_cursor` of a page, to read the one before it.')),
    q: Type.Optional(
      textOf(200, {
        description:
          'Words of the name, the SKU, the category or the description; the last may be only begun.',
      }),
    ),
    category: Type.Optional(several(60, 'Any of up to 100 categories.')),
    sku: Type.Optional(several(MAX_SKU, 'Any of up to 100 article numbers.')),
    min_price_cents: Type.Optional(safeInteger('In the smallest unit of the currency.')),
    max_price_cents: Type.Optional(safeInteger('In the smallest unit of the currency.')),
    currency: Type.Optional(currency),
    in_stock: Type.Optional(
      Type.Boolean({ description: 'Only products that can be ordered now.' }),
    ),
    sort: Type.Optional(
      oneOf(
        ['newest', 'price_asc', 'price_desc', 'name_asc', 'relevance'],
        '`relevance` where there is a `q`, else `newest`. A cursor goes on in its own order only.',
      ),
    ),
    include_total: Type.Optional(
      Type.Boolean({ description: 'Count all pages too: `total_count` and `total_exceeded`.' }),
    ),
  },
  { additionalProperties: false },
);

type ProductsQuery = Static<typeof productsQuery>;

/** @throws Refusal VALIDATION_FAILED when the query wants to go both ways */
const toPageArguments = ({ limit = DEFAULT_PAGE_SIZE, cursor, before }: ProductsQuery) => {
  if (before === undefined) return { first: limit, after: cursor };
  if (cursor === undefined) return { last: limit, before };
  const message = 'must not be given together with cursor';
  throw new Refusal('VALIDATION_FAILED', { errors: [{ field: 'before', message }] });
};

/** One category is an order of its own in the database; several are not. */
const toCategories = (names: readonly string[] | undefined) => {
  const [first, ...others] = new Set(names);
  if (first === undefined) return {};
  return others.length === 0 ? { category: first } : { categories: [first, ...others] };
};

/**
 * The graph's arguments of a page of the catalogue.
 * @throws Refusal VALIDATION_FAILED when the query wants to go both ways
 */
export const toProductsArguments = (query: ProductsQuery): ListProductsQueryVariables => ({
  ...toPageArguments(query),
  filter: {
    ...toCategories(query.category),
    text: query.q,
    skus: query.sku && [...new Set(query.sku)],
    minPrice: query.min_price_cents,
    maxPrice: query.max_price_cents,
    currency: query.currency,
    inStock: query.in_stock,
  },
  sort: query.sort && SORTS[query.sort],
  withTotal: query.include_total ?? false,
});

/** The path of one product by its article number. */
export const skuParams = Type.Object({
  sku: Type.String({ maxLength: MAX_PARAM, description: 'The shop’s own article number.' }),
});

/**
 * The SKU in a path, as the graph may be asked for it. No product has a NUL in it or is longer,
 * and the graph would call it bad input; the empty text stands for it, which no product has either.
 */
export const readPathSku = ({ sku }: Static<typeof skuParams>): string =>
  isWithin(sku, MAX_SKU) && !sku.includes('\0') ? sku : '';

/** The entity tags that the client has. */
export const cacheHeaders = Type.Object({
  'if-none-match': Type.Optional(textOf(4_096, { description: 'ETags that need no second copy.' })),
});
