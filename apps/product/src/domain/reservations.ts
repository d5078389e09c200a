import { isProblem, ShopError } from '@cartograph/errors';
import { id, list, validate, wholeNumber } from '@cartograph/validation';
import { z } from 'zod';
import type { ReservationStore } from './reservation-store.ts';
import {
  sumUnits,
  type OutOfStock,
  type ProductNotFound,
  type Reservation,
  type Units,
} from './reservation.ts';

const reserveStockInput = z.object({
  orderId: id(),
  expiresAt: z.date(),
  lines: list(z.object({ productId: id(), quantity: wholeNumber(1, 1_000_000) }), 1, 1_000),
});

/** The operations on reserved stock, for peer services. */
export type Reservations = {
  /** @throws ShopError BAD_USER_INPUT: a peer service that sends bad input has a bug */
  readonly reserve: (input: {
    orderId: string;
    expiresAt: Date;
    lines: readonly Units[];
  }) => Promise<Reservation | OutOfStock | ProductNotFound>;
  readonly commit: ReservationStore['commit'];
  /**
   * Returns held units to stock because the order ended.
   * @param isFinal closes the reservation: no stock is taken for the order again
   * @returns null for an unknown order that is not closed
   */
  readonly release: (orderId: string, isFinal?: boolean) => Promise<Reservation | null>;
  /**
   * Releases up to `limit` expired holds. One that fails does not block the others: it is reported
   * and added to `failed`, which is excluded.
   * @returns how many it tried
   */
  readonly releaseExpired: (
    limit: number,
    failed: Set<string>,
    onFailure: (orderId: string, error: unknown) => void,
  ) => Promise<number>;
};

/** Makes the operations on reserved stock on a store. */
export const makeReservations = (store: ReservationStore): Reservations => ({
  reserve: async (input) => {
    const fields = validate(reserveStockInput, input);
    if (isProblem(fields)) throw new ShopError('BAD_USER_INPUT', fields.message);
    return store.reserve(fields.orderId, sumUnits(fields.lines), fields.expiresAt);
  },
  commit: store.commit,
  release: (orderId, isFinal = false) => {
    const cause = { actor: 'order', reason: 'order ended' };
    return isFinal ? store.close(orderId, cause) : store.release(orderId, cause);
  },
  releaseExpired: async (limit, failed, onFailure) => {
    const now = new Date();
    const orderIds = await store.findExpired(now, limit, [...failed]);
    const cause = { actor: 'sweep', reason: 'hold expired' };
    for (const orderId of orderIds) {
      try {
        await store.release(orderId, cause, now);
      } catch (error) {
        failed.add(orderId);
        onFailure(orderId, error);
      }
    }
    return orderIds.length;
  },
});
