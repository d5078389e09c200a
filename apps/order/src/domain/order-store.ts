import type { Page, PageRequest } from '@cartograph/pagination';
import type { Actor, OrderEvent } from './order-event.ts';
import type { Destination, NewOrder, Order, OrderStatus } from './order.ts';

/** The cause of a change, as it is written in the order's history. */
export type Cause = {
  readonly actor: Actor;
  /** What the actor wrote about it. */
  readonly note?: string | null;
  /** The result of the payment, when it moves the order: `SUCCEEDED`, or the reason of the decline. */
  readonly paymentResult?: string;
};

/**
 * Stores orders. Each change writes, in its own transaction, the order's history, its event, and the
 * jobs that must follow.
 */
export type OrderStore = {
  /**
   * Stores an order, once: a repeat of its id returns the stored one. It schedules the check of its
   * payment for `pollAt`.
   * @throws ShopError UNAVAILABLE when its hold was abandoned: its stock may be sold to others
   */
  readonly insertOrder: (order: NewOrder, pollAt: Date) => Promise<Order>;
  readonly findOrders: (ids: readonly string[]) => Promise<readonly Order[]>;
  /** Newest first; the key of a page is the last id. */
  readonly listOrders: (
    filter: { readonly userId?: string; readonly status?: OrderStatus | null | undefined },
    page: PageRequest<string>,
  ) => Promise<Page<Order>>;
  /** As listOrders, with a page for each of these customers, in one query for all. */
  readonly listOrdersOfEach: (
    userIds: readonly string[],
    filter: { readonly status?: OrderStatus | null | undefined },
    page: PageRequest<string>,
  ) => Promise<ReadonlyMap<string, Page<Order>>>;
  /** The history of these orders, oldest first. */
  readonly findHistory: (orderIds: readonly string[]) => Promise<readonly OrderEvent[]>;
  /** Records that the order's payment starts, and schedules its check for `pollAt`. */
  readonly startPayment: (order: Order, actor: Actor, pollAt: Date) => Promise<void>;
  /** Schedules a check of the order's payment; one that is scheduled already stays as it is. */
  readonly schedulePoll: (orderId: string, at: Date) => Promise<void>;
  /**
   * Moves an order to another status, and schedules the job that settles its stock. A paid order that
   * is cancelled is refunded. @returns null when the transition is not allowed
   */
  readonly moveOrder: (orderId: string, to: Destination, cause: Cause) => Promise<Order | null>;
  /** Records that a cancelled order was paid, and schedules its refund: once per attempt. */
  readonly requestRefund: (orderId: string, attempt: number) => Promise<void>;
  /** Records that the order's stock was sold or released. */
  readonly recordSettled: (order: Order) => Promise<void>;
};
