import type { OrderStatus } from './order.ts';

/** Who did something to an order: a person, or the shop by itself. */
export type Actor =
  | { readonly kind: 'CUSTOMER' | 'ADMIN'; readonly id: string }
  | { readonly kind: 'SHOP'; readonly id: null };

/** Nobody asked for it: a payment was decided, time was over, a job did its work. */
export const SYSTEM: Actor = { kind: 'SHOP', id: null };

export type OrderEventType =
  | 'CREATED'
  | 'PAYMENT_STARTED'
  | 'PAYMENT_DECIDED'
  | 'CONFIRMED'
  | 'CANCELLED'
  | 'REFUND_REQUESTED'
  | 'STOCK_SETTLED';

/** What happened to an order, when, by whom and why. */
export type OrderEvent = {
  readonly orderId: string;
  readonly at: Date;
  readonly type: OrderEventType;
  /** Null when the order was made. */
  readonly fromStatus: OrderStatus | null;
  /** As before, when the event did not change it. */
  readonly toStatus: OrderStatus;
  readonly actor: Actor;
  /** As a code: why it was cancelled, what the provider said. */
  readonly reason: string | null;
  /** What a person wrote about it. */
  readonly note: string | null;
};
