import { isProblem } from '@cartograph/errors';
import { MAX_AMOUNT } from '@cartograph/money';
import {
  checkImportedProduct,
  NEW_PRODUCT,
  type ImportedProduct,
} from '../domain/catalogue-import.ts';
import type { Columns, Field } from './columns.ts';
import { findCurrencyDigits, readDecimal } from './decimal.ts';
import { ExactNumber } from './exact-number.ts';

/** Why a row is no product, every reason at once: `price: must be 0 or more; sku: is missing`. */
export type RowFault = { readonly fault: string };

/** What a file says where a field is to be emptied: as Postgres writes NULL in its own exports. */
const CLEAR = '\\N';

/** What is left of a field that is cleared: what a new product has of it. */
const CLEARED = {
  description: NEW_PRODUCT.description,
  category: NEW_PRODUCT.category,
  imageUrl: null,
} as const;

/** What stands for a value that is not right: no rule of the domain takes it. */
const WRONG = Symbol('wrong');

type Faults = Map<string, string>;

const readText = (faults: Faults, field: string, value: unknown): string => {
  if (value === undefined) faults.set(field, 'is missing');
  else if (value === CLEAR) faults.set(field, "can't be cleared");
  else if (typeof value !== 'string') faults.set(field, 'must be text');
  // Half of a surrogate pair can't be stored (RFC 3629, section 3).
  else if (!value.isWellFormed()) faults.set(field, 'has half of a character');
  else return value;
  return WRONG as unknown as string;
};

const readUnits = (faults: Faults, field: string, value: unknown, digits: number): number => {
  const wrong = (reason: string): number => {
    faults.set(field, reason);
    return WRONG as unknown as number;
  };
  if (value === undefined) return wrong('is missing');
  if (value === CLEAR) return wrong("can't be cleared");
  const text =
    typeof value === 'number' ? String(value) : value instanceof ExactNumber ? value.text : value;
  if (typeof text !== 'string') return wrong('must be a number');
  const units = readDecimal(text, digits);
  if (units === 'NOT_A_NUMBER') return wrong('must be a number, such as 12 or 12.5');
  if (units === 'TOO_MANY_DIGITS') {
    return wrong(digits === 0 ? 'must be a whole number' : `has more than ${digits} decimals`);
  }
  if (units > BigInt(MAX_AMOUNT)) return wrong(`must be ${MAX_AMOUNT} or less`);
  if (units < 0n) return wrong('must be 0 or more');
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
  const digits = findCurrencyDigits(currency);
  if (digits === null && !faults.has('currency')) {
    faults.set('currency', 'is not a currency of ISO 4217');
  }
  return readUnits(faults, 'price', values.price, digits ?? 2);
};

/**
 * Brings a category into the shape of the domain: `Women's Dresses` is `womens-dresses`. One that is
 * left with nothing is given back as it is, for the domain to refuse.
 */
export const shapeCategory = (text: string): string => {
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
    const values = columns.read(object);
    const faults: Faults = new Map();
    const text = (field: Field, value = values[field]) => readText(faults, field, value);

    /** What the file has no word of stays as it is: undefined. */
    const optional = <Name extends keyof typeof CLEARED>(
      field: Name,
      shape: (value: string) => string = (value) => value,
    ) => {
      if (values[field] === undefined) return undefined;
      if (values[field] === CLEAR) return CLEARED[field];
      const value = text(field);
      return typeof value === 'string' ? shape(value) : value;
    };

    const sku = text('sku');
    const currency = text('currency', values.currency ?? defaultCurrency);
    const code = typeof currency === 'string' ? currency.trim().toUpperCase() : currency;
    const product = checkImportedProduct({
      sku: typeof sku === 'string' ? sku.trim() : sku,
      name: text('name'),
      description: optional('description'),
      category: optional('category', shapeCategory),
      price: { amount: readPrice(faults, values, code), currency: code },
      stock: values.stock === undefined ? undefined : readUnits(faults, 'stock', values.stock, 0),
      imageUrl: optional('imageUrl'),
    });
    if (isProblem(product)) {
      for (const { path, message } of product.fields) {
        const field = path.replace(/^price\.(amount|currency)$/, (_, part: string) =>
          part === 'amount' ? 'price' : part,
        );
        if (!faults.has(field)) faults.set(field, message);
      }
    }
    if (faults.size === 0 && !isProblem(product)) return product;
    return { fault: [...faults].map(([field, reason]) => `${field}: ${reason}`).join('; ') };
  };
