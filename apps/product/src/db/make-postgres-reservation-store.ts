import { isProblem, problem, ShopError } from '@cartograph/errors';
import type { Pool } from 'pg';
import type { ReservationStore } from '../domain/reservation-store.ts';
import type { OutOfStock, ProductNotFound, Reservation } from '../domain/reservation.ts';
import type { ReservationMetrics } from './reservation-metrics.ts';
import { closeReservation } from './reservations/close-reservation.ts';
import { commitReservation } from './reservations/commit-reservation.ts';
import { findExpiredHolds } from './reservations/find-expired-holds.ts';
import { prolongHold } from './reservations/prolong-hold.ts';
import { readReservation } from './reservations/read-reservation.ts';
import { releaseReservation } from './reservations/release-reservation.ts';
import { reopenReservation } from './reservations/reopen-reservation.ts';
import { reserveStock, type ReservedRow } from './reservations/reserve-stock.ts';
import { retakeStock } from './reservations/retake-stock.ts';
import { toReservation } from './reservations/rows.ts';

const NOT_MEASURED: ReservationMetrics = { refused: () => {}, expired: () => {} };

/** How often a change is tried while other requests change the same reservation. */
const MAX_TRIES = 3;

/** The reservation has just changed: what was read of it is no answer. */
const CHANGED = Symbol('changed');

/**
 * Runs `change` until it has a result. A statement that waited for a lock still reads what its
 * snapshot saw before, so that only "I did it" is an answer; anything else is read again.
 * @throws ShopError UNAVAILABLE when the reservation changes each time
 */
const untilUnchanged = async <Result>(
  change: () => Promise<Result | typeof CHANGED>,
): Promise<Result> => {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await change();
    if (result !== CHANGED) return result;
  }
  throw new ShopError('UNAVAILABLE');
};

/** Why nothing was reserved. */
const toProblem = (rows: readonly ReservedRow[]): OutOfStock | ProductNotFound => {
  const missing = rows.find((row) => !row.is_for_sale);
  if (missing) return problem('PRODUCT_NOT_FOUND', { productId: missing.product_id });
  const shortages = rows
    .filter((row) => row.stock < row.quantity)
    .map(({ product_id: productId, sku, quantity: requested, stock: available }) => ({
      productId,
      sku,
      requested,
      available,
    }));
  return problem('OUT_OF_STOCK', { shortages });
};

const toHeld = (orderId: string, rows: readonly ReservedRow[]): Reservation | null =>
  rows.length > 0 && rows.every((row) => row.is_placed)
    ? toReservation(orderId, 'HELD', rows)
    : null;

const isRefused = (rows: readonly ReservedRow[]): boolean =>
  rows.some((row) => !row.is_for_sale || row.stock < row.quantity);

/**
 * Stores reservations in the product database. What an order needs when nothing fails is one statement
 * each: `reserve`, then `commit`, `release` or `close`. Every statement locks products in the order of
 * their ids, then the reservation.
 * @param lowStock the threshold at or below which a low stock event is written
 * @param metrics counts what is refused, and what has expired
 */
export const makePostgresReservationStore = (
  pool: Pool,
  lowStock: number,
  metrics: ReservationMetrics = NOT_MEASURED,
): ReservationStore => ({
  reserve: async (orderId, units, expiresAt) => {
    const result = await untilUnchanged(async () => {
      const rows = await reserveStock(pool, orderId, units, expiresAt, lowStock);
      const held = toHeld(orderId, rows);
      if (held) return held;
      const found = await readReservation(pool, orderId);
      if (!found) return isRefused(rows) ? toProblem(rows) : CHANGED;
      // A retry after a crash prolongs the hold to the lifetime of its new order.
      if (found.status === 'HELD' && found.expiresAt < expiresAt) {
        return (await prolongHold(pool, orderId, expiresAt)) ? found : CHANGED;
      }
      if (found.status !== 'RELEASED' || found.isClosed) return found;
      const reopened = await reopenReservation(pool, orderId, units, expiresAt, lowStock);
      if (reopened.length === 0) return CHANGED;
      return toHeld(orderId, reopened) ?? toProblem(reopened);
    });
    if (isProblem(result)) metrics.refused(result.code);
    return result;
  },

  commit: (orderId) =>
    untilUnchanged(async () => {
      const sold = await commitReservation(pool, orderId);
      if (sold) return sold;
      const found = await readReservation(pool, orderId);
      if (found?.status === 'HELD') return CHANGED;
      if (found?.status !== 'RELEASED' || found.isClosed) return found;
      return (await retakeStock(pool, found, lowStock)) ?? CHANGED;
    }),

  release: (orderId, cause, expiredBy) =>
    untilUnchanged(async () => {
      const released = await releaseReservation(pool, orderId, cause, expiredBy);
      if (released) {
        if (expiredBy) metrics.expired();
        return released;
      }
      const found = await readReservation(pool, orderId);
      const isHeld = found?.status === 'HELD';
      return isHeld && (!expiredBy || found.expiresAt <= expiredBy) ? CHANGED : found;
    }),

  close: (orderId, cause) =>
    untilUnchanged(async () => {
      const released = await closeReservation(pool, orderId, cause);
      if (released) return released;
      const found = await readReservation(pool, orderId);
      return found?.status === 'COMMITTED' || found?.isClosed ? found : CHANGED;
    }),

  findExpired: (now, limit, excluded) => findExpiredHolds(pool, now, limit, excluded),
});
