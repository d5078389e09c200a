import { isProblem } from '@cartograph/errors';
import { currencyDigits, isCurrency, MAX_AMOUNT } from '@cartograph/money';
import {
  checkImportedProduct,
  NEW_PRODUCT,
  type ImportedProduct,
} from '../domain/catalogue-import.ts';
import type { Columns, Field } from './columns.ts';
import { readImages } from './read-images.ts';
import { ExactNumber } from './read-json.ts';

/** All reasons why a row is no product: `price: must be 0 or more; sku: is missing`. */
export type RowFault = { readonly fault: string };

/** The value that clears a field, as Postgres writes NULL in its exports. */
const CLEAR = '\\N';

/** The value of a field that is cleared: that of a new product. */
const CLEARED = {
  description: NEW_PRODUCT.description,
  category: NEW_PRODUCT.category,
  imageUrl: null,
} as const;

/** Stands for a value that is not valid: every rule of the domain refuses it. */
const INVALID = Symbol('invalid');

type Faults = Map<string, string>;

/** A decimal number of people and of JSON: sign, digits, fraction, exponent. */
const DECIMAL = /^([+-]?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * Reads a decimal number in its smallest units, from its text, so that nothing is rounded: 12.5 with
 * 2 digits is 1250. Zeros beyond the digits do not count.
 * @param digits how many digits after the point a unit has
 */
export const readDecimal = (
  text: string,
  digits: number,
): bigint | 'NOT_A_NUMBER' | 'TOO_MANY_DIGITS' => {
  const match = DECIMAL.exec(text.trim());
  if (!match) return 'NOT_A_NUMBER';
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const places = fraction.length - Number(exponent) - digits;
  const all = BigInt(whole + fraction);
  const scale = 10n ** BigInt(Math.abs(places));
  if (places > 0 && all % scale !== 0n) return 'TOO_MANY_DIGITS';
  const units = places > 0 ? all / scale : all * scale;
  return sign === '-' ? -units : units;
};

const readText = (faults: Faults, field: string, value: unknown): string => {
  if (value === undefined) faults.set(field, 'is missing');
  else if (value === CLEAR) faults.set(field, "can't be cleared");
  else if (typeof value !== 'string') faults.set(field, 'must be text');
  // Half of a surrogate pair can't be stored (RFC 3629, section 3).
  else if (!value.isWellFormed()) faults.set(field, 'has half of a character');
  else return value;
  return INVALID as unknown as string;
};

const readUnits = (faults: Faults, field: string, value: unknown, digits: number): number => {
  const fail = (reason: string): number => {
    faults.set(field, reason);
    return INVALID as unknown as number;
  };
  if (value === undefined) return fail('is missing');
  if (value === CLEAR) return fail("can't be cleared");
  const text =
    typeof value === 'number' ? String(value) : value instanceof ExactNumber ? value.text : value;
  if (typeof text !== 'string') return fail('must be a number');
  const units = readDecimal(text, digits);
  if (units === 'NOT_A_NUMBER') return fail('must be a number, such as 12 or 12.5');
  if (units === 'TOO_MANY_DIGITS') {
    return fail(digits === 0 ? 'must be a whole number' : `has more than ${digits} decimals`);
  }
  if (units > BigInt(MAX_AMOUNT)) return fail(`must be ${MAX_AMOUNT} or less`);
  if (units < 0n) return fail('must be 0 or more');
  return Number(units);
};

const readPrice = (
  faults: Faults,
  values: Partial<Record<Field, unknown>>,
  currency: string,
): number => {
  if (values.priceCents !== undefined) {
    return readUnits(faults, 'price', values.priceCents, 0);
  }
  const isKnown = isCurrency(currency);
  if (!isKnown && !faults.has('currency')) faults.set('currency', 'is not a currency of ISO 4217');
  return readUnits(faults, 'price', values.price, isKnown ? currencyDigits(currency) : 2);
};

/**
 * The longest text of a category, in characters; that of a product is shorter still. The time that
 * NFKD takes grows with the square of the number of combining marks.
 */
const MAX_CATEGORY_TEXT = 500;

/**
 * Normalizes a category as the domain requires: `Women's Dresses` becomes `womens-dresses`. One
 * without letters or digits, or that is too long, is returned unchanged, for the domain to refuse.
 */
export const normalizeCategory = (text: string): string => {
  if (text.length > MAX_CATEGORY_TEXT) return text;
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}'’]/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return words === '' ? text : words;
};

const asObject = (value: unknown): object | null =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof ExactNumber)
    ? value
    : null;

/** Makes the function that reads the rows of one file. */
export const makeProductReader =
  (columns: Columns, defaultCurrency: string) =>
  (row: unknown): ImportedProduct | RowFault => {
    const object = asObject(row);
    if (!object) return { fault: 'is not an object' };
    const { values, doubled } = columns.read(object);
    const faults: Faults = new Map();
    const text = (field: Field, value = values[field]) => readText(faults, field, value);

    /** A field without a value in the file is undefined: it stays as it is. */
    const optional = <Name extends keyof typeof CLEARED>(
      field: Name,
      normalize: (value: string) => string = (value) => value,
    ) => {
      if (values[field] === undefined) return undefined;
      if (values[field] === CLEAR) return CLEARED[field];
      const value = text(field);
      return typeof value === 'string' ? normalize(value) : value;
    };

    const sku = text('sku');
    const currency = text('currency', values.currency ?? defaultCurrency);
    const code = typeof currency === 'string' ? currency.trim().toUpperCase() : currency;
    const product = checkImportedProduct({
      sku: typeof sku === 'string' ? sku.trim() : sku,
      name: text('name'),
      description: optional('description'),
      category: optional('category', normalizeCategory),
      price: { amount: readPrice(faults, values, code), currency: code },
      stock: values.stock === undefined ? undefined : readUnits(faults, 'stock', values.stock, 0),
      ...readImages(optional('imageUrl'), values.images, (reason) => faults.set('images', reason)),
    });
    for (const [field, reason] of doubled) {
      faults.set(field === 'priceCents' ? 'price' : field, reason);
    }
    if (isProblem(product)) {
      for (const { path, message } of product.fields) {
        const field = path
          .replace(/^images\..*/, 'images')
          .replace(/^price\.(amount|currency)$/, (_, part: string) =>
            part === 'amount' ? 'price' : part,
          );
        if (!faults.has(field)) faults.set(field, message);
      }
    }
    if (faults.size === 0 && !isProblem(product)) return product;
    return { fault: [...faults].map(([field, reason]) => `${field}: ${reason}`).join('; ') };
  };
