import type { OrderStatus } from './order.ts';

/** Who changed an order: a person, or the system. */
export type Actor =
  | { readonly kind: 'CUSTOMER' | 'ADMIN'; readonly id: string }
  | { readonly kind: 'SHOP'; readonly id: null };

/** The actor of changes by a settled payment, an expiry or a sweeper. */
export const SYSTEM: Actor = { kind: 'SHOP', id: null };

export type OrderEventType =
  | 'CREATED'
  | 'PAYMENT_STARTED'
  | 'PAYMENT_DECIDED'
  | 'CONFIRMED'
  | 'CANCELLED'
  | 'REFUND_REQUESTED'
  | 'STOCK_SETTLED';

/** A line of an order's history. */
export type OrderEvent = {
  readonly orderId: string;
  readonly at: Date;
  readonly type: OrderEventType;
  /** Null when the order was created. */
  readonly fromStatus: OrderStatus | null;
  /** The same as `fromStatus` when the event did not change it. */
  readonly toStatus: OrderStatus;
  readonly actor: Actor;
  /** A code: why the order was cancelled, or the result of the payment. */
  readonly reason: string | null;
  /** What the actor wrote about it. */
  readonly note: string | null;
};
