import type { Money } from '@cartograph/money';
import type { Problem } from '@cartograph/errors';

/** A product with less stock than requested. */
export type Shortage = {
  readonly productId: string;
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
};

export type OutOfStock = Problem<'OUT_OF_STOCK', { shortages: readonly Shortage[] }>;

export type ProductNotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

/** A line of a reservation, with name and price as they were when it was made. */
export type ReservedLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
};

/** The stock of the product service. Every call may be repeated. @throws ShopError UNAVAILABLE */
export type InventoryClient = {
  readonly reserve: (input: {
    orderId: string;
    expiresAt: Date;
    lines: readonly { productId: string; quantity: number }[];
  }) => Promise<readonly ReservedLine[] | OutOfStock | ProductNotFound>;
  /**
   * Commits the order's reservation: its stock is sold.
   * @returns GONE when the reservation was released, and there is not enough stock to make it again
   */
  readonly commit: (orderId: string) => Promise<'SOLD' | 'GONE'>;
  /** Releases the order's reservation for good: a later `reserve` takes nothing. */
  readonly release: (orderId: string) => Promise<void>;
};
