import { currencyDigits, isCurrency } from './currencies.ts';

/** An amount in minor units (cents) of an ISO 4217 currency. Always an integer. */
export type Money = { readonly amount: number; readonly currency: string };

/** The largest amount that GraphQL's SafeInt and JSON represent exactly. */
export const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** The reason why a stored amount cannot be displayed; null when it can. */
export const findMoneyFault = ({ amount, currency }: Money): string | null => {
  if (!isCurrency(currency)) return 'currency: is not a currency';
  return amount >= 0 && amount <= MAX_AMOUNT ? null : `amount: is not 0 to ${MAX_AMOUNT}`;
};

/** The amount in the currency itself, with its decimals: 1999 EUR is `19.99`, 1999 JPY `1999`. */
export const formatDecimal = ({ amount, currency }: Money): string => {
  const digits = currencyDigits(currency);
  if (digits === 0) return String(amount);
  const units = String(Math.abs(amount)).padStart(digits + 1, '0');
  return `${amount < 0 ? '-' : ''}${units.slice(0, -digits)}.${units.slice(-digits)}`;
};

/**
 * Unit price times quantity, in minor units.
 * @returns null when the product exceeds MAX_AMOUNT
 */
export const multiplyAmount = (amount: number, quantity: number): number | null => {
  const product = amount * quantity;
  return Number.isSafeInteger(product) ? product : null;
};

/**
 * The sum of amounts in minor units.
 * @returns null when it exceeds MAX_AMOUNT
 */
export const addAmounts = (amounts: readonly number[]): number | null => {
  let sum = 0;
  for (const amount of amounts) {
    sum += amount;
    if (!Number.isSafeInteger(sum)) return null;
  }
  return sum;
};
