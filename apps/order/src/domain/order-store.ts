import type { Lease } from '@cartograph/idempotency';
import type { Page, PageRequest } from '@cartograph/pagination';
import type { DeliveryAddress } from './delivery-address.ts';
import type { OrderState, PaymentKnowledge } from './next-step.ts';
import type { Actor, OrderEvent } from './order-event.ts';
import type { CancellationReason, NewOrder, Order, OrderStatus } from './order.ts';

/** The cause of a change, as it is written in the order's history. */
export type Cause = PaymentKnowledge & {
  readonly actor: Actor;
  /** What the actor wrote about it. */
  readonly note?: string | null;
};

/** The address of an order. */
export type OrderAddress = DeliveryAddress & { readonly orderId: string };

/** A response that is stored under an idempotency key, in the statement that completes the work. */
export type KeyedResponse = { readonly lease: Lease; readonly response: unknown };

/**
 * Stores orders. Each change is one statement, which also writes the order's history, its event, and
 * when the order is due next. A change that is refused returns null or false: another request or
 * sweeper was first.
 */
export type OrderStore = {
  /**
   * Stores an order, once: a repeat of its id returns the stored one. It is due when it expires.
   * @param address is stored beside the order: it is not part of events and stored responses
   * @param lease of the request's idempotency key: the order is stored as its response
   * @returns whether the response was stored
   * @throws ShopError UNAVAILABLE when its hold was abandoned: its stock may be sold to others
   */
  readonly insertOrder: (
    order: NewOrder,
    address: DeliveryAddress | null,
    lease: Lease | null,
  ) => Promise<{ readonly order: Order; readonly isResponseSaved: boolean }>;
  readonly findOrders: (ids: readonly string[]) => Promise<readonly Order[]>;
  readonly findOrdersByNumber: (numbers: readonly number[]) => Promise<readonly Order[]>;
  /** Where these orders are delivered to; those without an address are left out. */
  readonly findAddresses: (orderIds: readonly string[]) => Promise<readonly OrderAddress[]>;
  /** Reads an order with its work; null when there is none. */
  readonly findState: (id: string) => Promise<OrderState | null>;
  /** Newest first, from either end; the key of a page is the id of the order next to it. */
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
  /**
   * Records that a customer starts to pay their order, while it is pending and its time is not over.
   * The first time, it is due in HEAD_START_MS.
   */
  readonly startPayment: (orderId: string, userId: string) => Promise<Order | null>;
  /** Confirms a pending order. @param headStartMs how long the caller has to settle its stock */
  readonly confirmOrder: (
    order: Order,
    cause: Cause & { readonly paymentResult: string },
    headStartMs: number,
  ) => Promise<Order | null>;
  /**
   * Cancels an order, if the transition is allowed. A paid order that is cancelled is refunded.
   * @param headStartMs how long the caller has to settle its stock
   */
  readonly cancelOrder: (
    order: Order,
    reason: CancellationReason,
    cause: Cause,
    headStartMs: number,
  ) => Promise<Order | null>;
  /**
   * Records that the order's stock was sold or released.
   * @param keyed stored in the same statement @returns whether that response was stored
   */
  readonly recordSettled: (order: Order, keyed: KeyedResponse | null) => Promise<boolean>;
  /** Records that a cancelled order was paid: its refund is due now. */
  readonly oweRefund: (order: Order) => Promise<void>;
  /** Records that the refund of an order was requested. */
  readonly recordRefunded: (orderId: string) => Promise<void>;
  /** Records how the payment of an order that has ended ended. */
  readonly recordOutcome: (orderId: string, outcome: string) => Promise<void>;
};
