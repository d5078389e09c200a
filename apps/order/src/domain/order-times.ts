import type { Order } from './order.ts';

/** How long an order waits to be paid. */
export type OrderTimes = {
  /** From creation to `reservedUntil`, in milliseconds. */
  readonly reservationMs: number;
};

/** A payment whose answer got lost is looked after this long after it was begun. */
export const RESOLVE_AFTER_MS = 15_000;

/**
 * A payment that was begun in time has this long to be heard of before the order expires: longer
 * than any call to the payment service may take.
 */
export const EXPIRY_GRACE_MS = 30_000;

/** When an order for which nobody began to pay expires. */
export const expiryOf = (order: Order): Date =>
  new Date(order.reservedUntil.getTime() + EXPIRY_GRACE_MS);

/**
 * A payment that the provider has not decided keeps the order waiting for this long after its time.
 * Then the order expires all the same, and should the money come yet, it goes back.
 */
export const PAYMENT_PATIENCE_MS = 8 * 60_000;

/**
 * The product service gives up a hold this long after the order's time: after the order service
 * has judged the order, so that what is paid late can still be sold.
 */
export const HOLD_MARGIN_MS = PAYMENT_PATIENCE_MS + 2 * 60_000;

/**
 * A request that reserved stock and made no order of it in this time is taken for dead: its stock is
 * given back. It is longer than a request may take; one that takes longer all the same makes no order.
 */
export const ABANDON_AFTER_MS = 30_000;

const SHORTEST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/**
 * When to look again at an order whose payment is not decided: the payment service tells when it
 * is, this is for the case that its word does not come. The longer it took, the longer the pause,
 * but never past the end of patience.
 */
export const nextLook = (order: Order, now: Date): Date => {
  const age = now.getTime() - order.createdAt.getTime();
  const pause = Math.min(Math.max(age / 4, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  const next = now.getTime() + pause;
  if (order.status !== 'PENDING') return new Date(next);
  return new Date(Math.min(next, order.reservedUntil.getTime() + PAYMENT_PATIENCE_MS));
};
