import type { Order } from './order.ts';

export type OrderTimes = {
  /** From creation to `reservedUntil`, in milliseconds. */
  readonly reservationMs: number;
};

/**
 * A request that changes an order has this time for the next step, before a sweeper does it: a call to
 * another service and its result. A started payment is checked after it, in case the response was lost.
 */
export const HEAD_START_MS = 15_000;

/**
 * An order expires this long after `reservedUntil`, so that a payment started in time is known by
 * then: it is longer than any call to the payment service may take.
 */
export const EXPIRY_GRACE_MS = 30_000;

/** When an order without a payment expires. */
export const expiryOf = (order: Order): Date =>
  new Date(order.reservedUntil.getTime() + EXPIRY_GRACE_MS);

/**
 * A pending payment delays the expiry of its order by this time after `reservedUntil`. If it succeeds
 * later than that, it is refunded.
 */
export const PAYMENT_TIMEOUT_MS = 8 * 60_000;

/** When an order with a pending payment expires: it is not charged later. */
export const paymentTimeoutOf = (order: Order): Date =>
  new Date(order.reservedUntil.getTime() + PAYMENT_TIMEOUT_MS);

/**
 * The product service releases a reservation this long after `reservedUntil`: after the order service
 * expires the order, so that the stock of an order that is paid late is still reserved.
 */
export const HOLD_MARGIN_MS = PAYMENT_TIMEOUT_MS + 2 * 60_000;

/**
 * The stock of a request that made no order in this time is released. It is longer than a request may
 * take; a request that takes longer than that makes no order.
 */
export const ABANDON_AFTER_MS = 30_000;

const MIN_PAUSE_MS = 15_000;
const MAX_PAUSE_MS = 60 * 60_000;

/**
 * When to check the pending payment of an order again. The payment service notifies this service when
 * it settles a payment later than in its response; the poll covers responses and notifications that
 * are lost. The pause grows with the age of
 * the order, but does not pass the end of PAYMENT_TIMEOUT_MS.
 */
export const nextPoll = (order: Order, now: Date): Date => {
  const age = now.getTime() - order.createdAt.getTime();
  const pause = Math.min(Math.max(age / 4, MIN_PAUSE_MS), MAX_PAUSE_MS);
  const next = now.getTime() + pause;
  if (order.status !== 'PENDING') return new Date(next);
  return new Date(Math.min(next, paymentTimeoutOf(order).getTime()));
};
