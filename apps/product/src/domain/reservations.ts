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
  /** Gives held units back because the order ended. @returns null for an unknown order */
  readonly release: (orderId: string) => Promise<Reservation | null>;
  /** Gives back up to `limit` holds that have expired. @returns how many it looked at */
  readonly releaseExpired: (limit: number) => Promise<number>;
};

/** Makes the rules of reserved stock over where it is kept. */
export const makeReservations = (store: ReservationStore): Reservations => ({
  reserve: async (input) => {
    const fields = validate(reserveStockInput, input);
    if (isProblem(fields)) throw new ShopError('BAD_USER_INPUT', fields.message);
    return store.reserve(fields.orderId, sumDemands(fields.lines), fields.expiresAt);
  },
  commit: store.commit,
  release: (orderId) => store.release(orderId, { actor: 'order', reason: 'order ended' }),
  releaseExpired: async (limit) => {
    const now = new Date();
    const orderIds = await store.findExpired(now, limit);
    const cause = { actor: 'sweep', reason: 'hold expired' };
    for (const orderId of orderIds) await store.release(orderId, cause, now);
    return orderIds.length;
  },
});
