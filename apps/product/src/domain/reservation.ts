import type { Problem } from '@cartograph/errors';
import type { Money } from '@cartograph/money';

/** HELD: set aside. COMMITTED: sold. RELEASED: given back. */
export type ReservationStatus = 'HELD' | 'COMMITTED' | 'RELEASED';

/** One product of a reservation, as it was when it was set aside. */
export type ReservationLine = {
  readonly productId: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: Money;
};

/** Stock that is set aside for one order. */
export type Reservation = {
  readonly orderId: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ReservationLine[];
};

/** A product of which there is less than was asked for. */
export type Shortage = {
  readonly productId: string;
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
};

export type OutOfStock = Problem<'OUT_OF_STOCK', { shortages: readonly Shortage[] }>;

export type ProductNotFound = Problem<'PRODUCT_NOT_FOUND', { productId: string }>;

/** How many units of which product. */
export type Demand = { readonly productId: string; readonly quantity: number };

/**
 * Adds up the lines of one product and puts products in the order of their ids: all reservations
 * lock rows in this one order, so no two can wait for each other.
 */
export const sumDemands = (lines: readonly Demand[]): readonly Demand[] => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities]
    .map(([productId, quantity]) => ({ productId, quantity }))
    .sort((a, b) => (a.productId < b.productId ? -1 : 1));
};
