import { isCurrency, MAX_AMOUNT, type Money } from '@cartograph/money';
import { isDisplayDate } from '@cartograph/validation';
import type { Product } from './product.ts';
import { isWebAddress } from './product-input.ts';
import type { StockMovement } from './stock-movement.ts';

const findPriceFault = ({ amount, currency }: Money): string | null => {
  if (!isCurrency(currency)) return 'currency: is not a currency';
  return amount >= 0 && amount <= MAX_AMOUNT ? null : `price: is not 0 to ${MAX_AMOUNT}`;
};

/** Whether a stored product can be ordered: what is archived or can't be shown can't be. */
export const isForSale = (cents: bigint, currency: string, isArchived: boolean): boolean =>
  !isArchived && findPriceFault({ amount: Number(cents), currency }) === null;

/**
 * Why a stored product can't be written into an answer; null when it can. No rule of ours lets such
 * a row in, but SQL from outside, or an older version, may have.
 */
export const findProductFault = (product: Product): string | null => {
  const { createdAt, updatedAt, archivedAt } = product;
  if (![createdAt, updatedAt, archivedAt ?? createdAt].every(isDisplayDate))
    return 'a date is not valid';
  return findPriceFault(product.price);
};

/** The product without a picture whose address is not one: it is for sale all the same. */
export const withoutBadPicture = (product: Product): Product =>
  product.imageUrl === null || isWebAddress(product.imageUrl)
    ? product
    : { ...product, imageUrl: null };

/** Why a line of the ledger can't be written into an answer; null when it can. */
export const findMovementFault = ({ at }: StockMovement): string | null =>
  isDisplayDate(at) ? null : 'a date is not valid';
