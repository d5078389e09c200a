import { currencyDigits, isCurrency } from '@cartograph/money';

/** A decimal number as people and JSON write it: sign, digits, fraction, exponent. */
const DECIMAL = /^([+-]?)(\d{1,400})(?:\.(\d{1,400}))?(?:e([+-]?\d{1,3}))?$/i;

/** What can be wrong with a text that should be an amount. */
export type DecimalFault = 'NOT_A_NUMBER' | 'TOO_MANY_DIGITS';

/**
 * Reads a decimal number as a whole number of its smallest units: 12.5 with 2 digits is 1250. By its
 * text, so that nothing is rounded; zeros beyond the digits are no digits.
 * @param digits how many of the digits after the point a unit has
 */
export const readDecimal = (text: string, digits: number): bigint | DecimalFault => {
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

/** Digits after the point of a currency's amounts (ISO 4217); null for one that is not known. */
export const findCurrencyDigits = (currency: string): number | null =>
  isCurrency(currency) ? currencyDigits(currency) : null;
