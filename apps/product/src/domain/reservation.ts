import type { Problem } from '@cartograph/errors';
import type { Money } from '@cartograph/money';

/** HELD: reserved. COMMITTED: sold. RELEASED: returned to stock. */
export type ReservationStatus = 'HELD' | 'COMMITTED' | 'RELEASED';

/** One product of a reservation, as it was when its stock was reserved. */
export type ReservationLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
};

/** Stock that is reserved for one order. */
export type Reservation = {
  readonly orderId: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ReservationLine[];
};

/** A product whose stock is less than the requested quantity. */
export type Shortage = {
  readonly productId: string;
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
};

export type OutOfStock = Problem<'OUT_OF_STOCK', { shortages: readonly Shortage[] }>;

export type ProductNotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

/** Units of one product. */
export type Units = { readonly productId: string; readonly quantity: number };

/**
 * Sums the lines of each product and sorts products by id: all reservations lock rows in this
 * order, so that no two deadlock.
 */
export const sumUnits = (lines: readonly Units[]): readonly Units[] => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
};
