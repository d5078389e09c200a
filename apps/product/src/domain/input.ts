import { isCurrency, MAX_AMOUNT } from '@cartograph/money';
import { id, list, text, wholeNumber } from '@cartograph/validation';
import { z } from 'zod';

/** The longest SKU, in characters. */
export const MAX_SKU = 64;

/** More units of one product than any warehouse holds; far below the limit of the column. */
export const MAX_STOCK = 1_000_000_000;

export const currency = text(0, 3).refine(isCurrency, 'is not a currency');

const price = z.object({ amount: wholeNumber(0, MAX_AMOUNT), currency });

/** RFC 3986's characters only: URL parsers are more lenient than pages that display the URL. */
const WEB_ADDRESS = /^https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+$/i;

/**
 * Text in Unicode's NFC, in which products are stored and searched. The length is checked before
 * and after: normalizing a long text is slow, and it may lengthen a text.
 */
export const composed = (min: number, max: number) =>
  text(min, max)
    .transform((value) => value.normalize('NFC'))
    .pipe(text(min, max));

/** More pictures than a page of a product shows. */
export const MAX_IMAGES = 10;

/** Whether a text is an http(s) URL that any page can display. */
export const isWebAddress = (value: string): boolean =>
  WEB_ADDRESS.test(value) && URL.canParse(value);

const imageUrl = text(1, 2_000).refine(isWebAddress, 'is not a web address');

const fields = {
  name: composed(1, 200),
  description: composed(0, 10_000),
  price,
  category: text(0, 60).regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be words in lower case, joined by hyphens',
  ),
  imageUrl: imageUrl.nullable(),
  images: list(z.object({ url: imageUrl }), 0, MAX_IMAGES),
};

export const createProductInput = z.object({
  ...fields,
  sku: text(0, MAX_SKU).regex(
    /^[A-Z0-9][A-Z0-9._-]{0,63}$/i,
    'must be 1 to 64 letters, digits, dots, hyphens or underscores, and begin with a letter or digit',
  ),
  stock: wholeNumber(0, MAX_STOCK),
  imageUrl: fields.imageUrl.default(null),
  images: fields.images.nullish(),
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
  images: fields.images.optional(),
});

const UNCHANGED = 'to leave it as it is';

/** The fields of a change that can't be null, and what leaving them out means. */
export const NOT_CLEARED = {
  name: UNCHANGED,
  description: UNCHANGED,
  price: UNCHANGED,
  category: UNCHANGED,
  images: UNCHANGED,
} as const;

export const adjustStockInput = z.object({
  productId: id(),
  delta: wholeNumber(-MAX_STOCK, MAX_STOCK).refine((delta) => delta !== 0, 'must not be 0'),
  reason: text(1, 200),
});

export const archiveProductInput = updateProductInput.pick({ id: true, version: true });

/** As many as a page has rows. */
const MAX_CHOICES = 100;

/** A list of texts of at most `max` characters. */
export const choices = (max: number) => list(text(0, max), 0, MAX_CHOICES);
