import { id, list, text, wholeNumber } from '@cartograph/validation';
import { isCurrency, MAX_AMOUNT } from '@cartograph/money';
import { z } from 'zod';

/** The longest SKU, in characters. */
export const MAX_SKU = 64;

/** More of one product than any shelf holds; far below what the column can. */
export const MAX_STOCK = 1_000_000_000;

const currency = text(0, 3).refine(isCurrency, 'is not a currency');

const price = z.object({ amount: wholeNumber(0, MAX_AMOUNT), currency });

/** RFC 3986's characters only: what a URL parser forgives, a page that shows it may not. */
const ADDRESS = /^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i;

/**
 * Text with one spelling for each character (Unicode's NFC), in which products are stored and
 * searched. Its length is checked first, for composing a long text is slow, and again: a few
 * characters become more.
 */
const composed = (min: number, max: number) =>
  text(min, max)
    .transform((value) => value.normalize('NFC'))
    .pipe(text(min, max));

/** Whether a text is an http(s) address that any page can show. */
export const isWebAddress = (value: string): boolean => ADDRESS.test(value) && URL.canParse(value);

const fields = {
  name: composed(1, 200),
  description: composed(0, 10_000),
  price,
  category: text(0, 60).regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be words in lower case, joined by hyphens',
  ),
  imageUrl: text(1, 2_000).refine(isWebAddress, 'is not a web address').nullable(),
};

export const createProductInput = z.object({
  ...fields,
  sku: text(0, MAX_SKU).regex(
    /^[A-Z0-9][A-Z0-9._-]{0,63}$/i,
    'must be 1 to 64 letters, digits, dots or hyphens',
  ),
  stock: wholeNumber(0, MAX_STOCK),
  imageUrl: fields.imageUrl.default(null),
});

export const updateProductInput = z.object({
  id: id(),
  version: wholeNumber(1, 2_147_483_647),
  name: fields.name.optional(),
  description: fields.description.optional(),
  price: price.optional(),
  category: fields.category.optional(),
  /** The only field that null clears. */
  imageUrl: fields.imageUrl.optional(),
});

const AS_IT_IS = 'to leave it as it is';

/** The fields of a change that can't be cleared, and what leaving them out means. */
export const NOT_CLEARED = {
  name: AS_IT_IS,
  description: AS_IT_IS,
  price: AS_IT_IS,
  category: AS_IT_IS,
} as const;

export const adjustStockInput = z.object({
  productId: id(),
  delta: wholeNumber(-MAX_STOCK, MAX_STOCK).refine((delta) => delta !== 0, 'must not be 0'),
  reason: text(1, 200),
});

export const archiveProductInput = updateProductInput.pick({ id: true, version: true });

/** As many as a page can show. */
const MAX_CHOICES = 100;

const choices = (max: number) => list(text(0, max), 0, MAX_CHOICES).nullish();

export const productFilter = z.object({
  text: composed(0, 200).nullish(),
  category: text(0, 60).nullish(),
  categories: choices(60),
  minPrice: wholeNumber(0, MAX_AMOUNT).nullish(),
  maxPrice: wholeNumber(0, MAX_AMOUNT).nullish(),
  currency: currency.nullish(),
  inStock: z.boolean().nullish(),
  skus: choices(MAX_SKU),
  archived: z.boolean().nullish(),
});
