import type { Cause } from './stock-movement.ts';
import type { Demand, OutOfStock, ProductNotFound, Reservation } from './reservation.ts';

/** Where reservations are kept, beside the stock that they are taken from. */
export type ReservationStore = {
  /**
   * Takes every demand from stock, or none, in one transaction. An order that already holds or has
   * bought its stock gets that reservation; one whose stock was given back tries again, unless
   * `commit` refused it or it was closed: that one stays RELEASED.
   * @param demands one a product, in the order of product ids
   */
  readonly reserve: (
    orderId: string,
    demands: readonly Demand[],
    expiresAt: Date,
  ) => Promise<Reservation | OutOfStock | ProductNotFound>;
  /**
   * Makes held units sold; those of a hold that has expired are taken again, if they are there.
   * @returns null for an unknown order; a RELEASED reservation when there is no longer enough. That
   *   is the last word, whatever comes back to stock: the order may be cancelled on the strength of it
   */
  readonly commit: (orderId: string) => Promise<Reservation | null>;
  /**
   * Gives held units back. Changes nothing that is not HELD.
   * @param expiredBy leaves a hold alone that lasts for longer: it may have been prolonged
   * @returns null for an unknown order
   */
  readonly release: (
    orderId: string,
    cause: Cause,
    expiredBy?: Date,
  ) => Promise<Reservation | null>;
  /**
   * Gives held units back for good: nothing is ever taken for the order again, and a request that
   * comes later finds a RELEASED reservation, also when there was none. What is sold stays sold.
   */
  readonly close: (orderId: string, cause: Cause) => Promise<Reservation>;
  /** Orders whose hold has expired by `now`, the longest ago first, but those left out. */
  readonly findExpired: (
    now: Date,
    limit: number,
    leftOut: readonly string[],
  ) => Promise<readonly string[]>;
};
