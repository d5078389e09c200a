import type { Cause } from './stock-ledger.ts';
import type { OutOfStock, ProductNotFound, Reservation, Units } from './reservation.ts';

/** Stores reservations, in the database of the stock that they reserve. */
export type ReservationStore = {
  /**
   * Takes all units from stock, or none, in one transaction. An order that has a HELD or COMMITTED
   * reservation gets that one; a RELEASED one is reserved again, unless `commit` refused it or it
   * was closed.
   * @param units one entry for each product, in the order of product ids
   */
  readonly reserve: (
    orderId: string,
    units: readonly Units[],
    expiresAt: Date,
  ) => Promise<Reservation | OutOfStock | ProductNotFound>;
  /**
   * Makes held units sold; those of an expired hold are taken again, if there is enough stock.
   * @returns null for an unknown order; a RELEASED reservation when there is not enough stock. That
   *   is final, even if stock returns later: the caller may cancel the order because of it
   */
  readonly commit: (orderId: string) => Promise<Reservation | null>;
  /**
   * Returns the units of a HELD reservation to stock. Changes no other reservation.
   * @param expiredBy releases only a hold that has expired by then: it may have been prolonged
   * @returns null for an unknown order
   */
  readonly release: (
    orderId: string,
    cause: Cause,
    expiredBy?: Date,
  ) => Promise<Reservation | null>;
  /**
   * Releases a reservation and closes it: no stock is taken for the order again, not even by a
   * delayed request, and not even when there was no reservation. Sold units stay sold.
   */
  readonly close: (orderId: string, cause: Cause) => Promise<Reservation>;
  /** Orders whose hold has expired by `now`, the oldest first, without the excluded ones. */
  readonly findExpired: (
    now: Date,
    limit: number,
    excluded: readonly string[],
  ) => Promise<readonly string[]>;
};
