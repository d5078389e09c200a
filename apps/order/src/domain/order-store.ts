import type { Page, PageRequest } from '@cartograph/pagination';
import type { CancellationReason, NewOrder, Order, OrderStatus } from './order.ts';

/** Where orders are kept, with the work that must follow from each change of one. */
export type OrderStore = {
  /**
   * Promises `orderId` to one key of one customer; whoever comes later gets the promise that is
   * there.
   */
  readonly claimKey: (claim: {
    userId: string;
    key: string;
    requestHash: Uint8Array<ArrayBuffer>;
    orderId: string;
  }) => Promise<{ readonly orderId: string; readonly requestHash: Uint8Array }>;
  /**
   * Keeps an order, once: a repeat of its id returns the one that is there. In the same
   * transaction it plans to look at the order again at `resolveAt`.
   */
  readonly insertOrder: (order: NewOrder, resolveAt: Date) => Promise<Order>;
  readonly findOrders: (ids: readonly string[]) => Promise<readonly Order[]>;
  /** Newest first; the key of a page is the last id. */
  readonly listOrders: (
    filter: { readonly userId?: string; readonly status?: OrderStatus | null | undefined },
    page: PageRequest<string>,
  ) => Promise<Page<Order>>;
  /** Plans to look at the order again at `at`. */
  readonly planResolve: (orderId: string, at: Date) => Promise<void>;
  /**
   * Moves an order on, if its status allows that, and in the same transaction plans to settle its
   * stock. @returns null when it does not
   */
  readonly moveOrder: (
    orderId: string,
    to: { status: 'CONFIRMED' } | { status: 'CANCELLED'; reason: CancellationReason },
  ) => Promise<Order | null>;
};
