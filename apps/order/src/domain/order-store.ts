import type { Page, PageRequest } from '@cartograph/pagination';
import type { Actor, OrderEvent } from './order-event.ts';
import type { NewOrder, Order, OrderStatus } from './order.ts';
import type { Destination } from './transitions.ts';

/** Who moves an order, and what is to be written in its history beside that. */
export type Cause = {
  readonly actor: Actor;
  /** What a person wrote about it. */
  readonly note?: string | null;
  /** What the provider said of the payment, when that moves the order: `SUCCEEDED`, or why not. */
  readonly decision?: string;
};

/**
 * Where orders are kept. Each change writes, in its own transaction, the order's history, the event
 * that others are told, and the work that must follow.
 */
export type OrderStore = {
  /**
   * Keeps an order, once: a repeat of its id returns the one that is there. It plans to look at the
   * order again at `resolveAt`.
   * @throws ShopError UNAVAILABLE when its hold was given up in the meantime: it may be sold to others
   */
  readonly insertOrder: (order: NewOrder, resolveAt: Date) => Promise<Order>;
  readonly findOrders: (ids: readonly string[]) => Promise<readonly Order[]>;
  /** Newest first; the key of a page is the last id. */
  readonly listOrders: (
    filter: { readonly userId?: string; readonly status?: OrderStatus | null | undefined },
    page: PageRequest<string>,
  ) => Promise<Page<Order>>;
  /** As listOrders, a page for each of these customers, in as many statements as for one. */
  readonly listOrdersOfEach: (
    userIds: readonly string[],
    filter: { readonly status?: OrderStatus | null | undefined },
    page: PageRequest<string>,
  ) => Promise<ReadonlyMap<string, Page<Order>>>;
  /** What happened to these orders, oldest first. */
  readonly findHistory: (orderIds: readonly string[]) => Promise<readonly OrderEvent[]>;
  /** Writes that the order's payment begins, and plans to look at the order again at `resolveAt`. */
  readonly startPayment: (order: Order, actor: Actor, resolveAt: Date) => Promise<void>;
  /** Plans to look at the order again at `at`; a look that is planned already stays as it is. */
  readonly planResolve: (orderId: string, at: Date) => Promise<void>;
  /**
   * Moves an order on, if its status allows that, and plans to settle its stock. One that was paid
   * and ends gives its money back. @returns null when its status does not allow it
   */
  readonly moveOrder: (orderId: string, to: Destination, cause: Cause) => Promise<Order | null>;
  /** Writes that a cancelled order was paid, and plans to give the money back: once an attempt. */
  readonly requestRefund: (orderId: string, attempt: number) => Promise<void>;
  /** Writes that the order's stock was sold or given back. */
  readonly noteSettled: (order: Order) => Promise<void>;
};
