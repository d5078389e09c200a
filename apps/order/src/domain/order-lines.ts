import { problem, validationFailed, type Problem, type ValidationFailed } from '@cartograph/errors';
import { addAmounts, multiplyAmount, type Money } from '@cartograph/money';
import type { HoldLimits } from './stock-hold.ts';

/** The lines of an order that is to be made. */
export type Lines = readonly { readonly productId: string; readonly quantity: number }[];

/** The lines in the customer's order, with those of one product added up. */
export const sumLines = (lines: Lines): Lines => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
};

/** The units of all lines together. */
export const countUnits = (lines: Lines): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Refuses what exceeds the limits of an empty account: waiting does not help. Null when it does not. */
export const findExcess = (lines: Lines, limits: HoldLimits): ValidationFailed | null => {
  const maxUnits = Math.min(limits.unitsPerAccount, limits.unitsPerAddress);
  if (countUnits(lines) <= maxUnits) return null;
  return validationFailed([
    { path: 'items', message: `must have ${maxUnits} units or fewer in all` },
  ]);
};

/** What the lines cost together. */
export const computeTotal = (
  lines: readonly { readonly unitPrice: Money; readonly quantity: number }[],
): Money | Problem<'MIXED_CURRENCIES'> | ValidationFailed => {
  const [currency = '', ...others] = new Set(lines.map((line) => line.unitPrice.currency));
  if (others.length > 0) return problem('MIXED_CURRENCIES');
  const amounts = lines.map((line) => multiplyAmount(line.unitPrice.amount, line.quantity));
  const amount = amounts.every((value) => value !== null) ? addAmounts(amounts) : null;
  return amount === null
    ? validationFailed([{ path: 'items', message: 'add up to more than an order can hold' }])
    : { amount, currency };
};
