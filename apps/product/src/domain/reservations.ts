import { ShopError } from '@cartograph/errors';
import { id, list, validate, wholeNumber } from '@cartograph/validation';
import { isProblem } from '@cartograph/errors';
import { z } from 'zod';
import type { ReservationStore } from './reservation-store.ts';
import {
  sumDemands,
  type Demand,
  type OutOfStock,
  type ProductNotFound,
  type Reservation,
} from './reservation.ts';

const reserveStockInput = z.object({
  orderId: id(),
  expiresAt: z.date(),
  lines: list(z.object({ productId: id(), quantity: wholeNumber(1, 1_000_000) }), 1, 1_000),
});

/** What can be done with reserved stock, for sister services. */
export type Reservations = {
  /** @throws ShopError BAD_USER_INPUT: a service that asks for nonsense has a bug */
  readonly reserve: (input: {
    orderId: string;
    expiresAt: Date;
    lines: readonly Demand[];
  }) => Promise<Reservation | OutOfStock | ProductNotFound>;
  readonly commit: ReservationStore['commit'];
  /**
   * Gives held units back because the order ended.
   * @param isFinal closes it: nothing is ever taken for the order again
   * @returns null for an unknown order that is not closed
   */
  readonly release: (orderId: string, isFinal?: boolean) => Promise<Reservation | null>;
  /**
   * Gives back up to `limit` holds that have expired. One that can't be given back does not keep the
   * others: it is added to `failed`, which are left out, and reported.
   * @returns how many it tried
   */
  readonly releaseExpired: (
    limit: number,
    failed: Set<string>,
    onFailure: (orderId: string, error: unknown) => void,
  ) => Promise<number>;
};

/** Makes the rules of reserved stock over where it is kept. */
export const makeReservations = (store: ReservationStore): Reservations => ({
  reserve: async (input) => {
    const fields = validate(reserveStockInput, input);
    if (isProblem(fields)) throw new ShopError('BAD_USER_INPUT', fields.message);
    return store.reserve(fields.orderId, sumDemands(fields.lines), fields.expiresAt);
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
