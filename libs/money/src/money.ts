import { isCurrency } from './currencies.ts';

/** An amount in minor units (cents) of an ISO 4217 currency. Integers only: no rounding, ever. */
export type Money = { readonly amount: number; readonly currency: string };

/** The largest amount the shop deals in: what GraphQL's SafeInt and JSON can carry exactly. */
export const MAX_AMOUNT = Number.MAX_SAFE_INTEGER;

/** Why a stored amount can't be shown: no rule of ours lets it in. Null when it can. */
export const findMoneyFault = ({ amount, currency }: Money): string | null => {
  if (!isCurrency(currency)) return 'currency: is not a currency';
  return amount >= 0 && amount <= MAX_AMOUNT ? null : `amount: is not 0 to ${MAX_AMOUNT}`;
};

/**
 * Unit price times quantity, in minor units.
 * @returns null when the product is not exact, which is when it passes MAX_AMOUNT
 */
export const multiplyAmount = (amount: number, quantity: number): number | null => {
  const product = amount * quantity;
  return Number.isSafeInteger(product) ? product : null;
};

/**
 * The sum of amounts in minor units.
 * @returns null when it passes MAX_AMOUNT
 */
export const addAmounts = (amounts: readonly number[]): number | null => {
  let sum = 0;
  for (const amount of amounts) {
    sum += amount;
    if (!Number.isSafeInteger(sum)) return null;
  }
  return sum;
};
