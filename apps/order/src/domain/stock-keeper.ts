import type { Money } from '@cartograph/money';
import type { Problem } from '@cartograph/errors';

/** A product of which there is less than was asked for. */
export type Shortage = {
  readonly productId: string;
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
};

export type OutOfStock = Problem<'OUT_OF_STOCK', { shortages: readonly Shortage[] }>;

export type ProductNotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

/** A product that was set aside, as it was then. */
export type ReservedLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
};

/** Whoever looks after the stock. Every call may be repeated. @throws ShopError UNAVAILABLE */
export type StockKeeper = {
  readonly reserve: (input: {
    orderId: string;
    expiresAt: Date;
    lines: readonly { productId: string; quantity: number }[];
  }) => Promise<readonly ReservedLine[] | OutOfStock | ProductNotFound>;
  /**
   * Makes the order's stock sold.
   * @returns GONE when it was given up, and there is no longer enough to take it again
   */
  readonly commit: (orderId: string) => Promise<'SOLD' | 'GONE'>;
  /** Gives back what is held for the order, for good: a `reserve` that comes later takes nothing. */
  readonly release: (orderId: string) => Promise<void>;
};
