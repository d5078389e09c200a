import { makeIdempotency, type Idempotency, type IdempotencyStore } from '@cartograph/idempotency';
import { makeCancelOrder, type CancelOrder } from './cancel-order.ts';
import type { Cashier } from './cashier.ts';
import { makeOrderCompletion, type OrderCompletion } from './complete-order.ts';
import { makeCreateOrder, type CreateOrder } from './create-order.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderTimes } from './order-times.ts';
import type { Order } from './order.ts';
import { makePayOrder, type PayOrder } from './pay-order.ts';
import {
  makeReleaseAbandoned,
  type HoldLimits,
  type HoldStore,
  type ReleaseAbandoned,
} from './stock-hold.ts';
import type { StockKeeper } from './stock-keeper.ts';
import { makeUpdateOrderStatus, type UpdateOrderStatus } from './update-order-status.ts';

/** What can be done with orders. */
export type Orders = {
  readonly createOrder: CreateOrder;
  readonly payOrder: PayOrder;
  readonly cancelOrder: CancelOrder;
  readonly updateOrderStatus: UpdateOrderStatus;
  /**
   * The payment service says that a payment is decided. Nothing of that is believed: what is true
   * is asked for. @returns null when there is no such order
   */
  readonly paymentDecided: (orderId: string) => Promise<Order | null>;
  readonly completion: OrderCompletion;
  readonly answers: Idempotency;
  readonly releaseAbandoned: ReleaseAbandoned;
  readonly findOrders: OrderStore['findOrders'];
  readonly findHistory: OrderStore['findHistory'];
  readonly listOrders: OrderStore['listOrders'];
  readonly listOrdersOfEach: OrderStore['listOrdersOfEach'];
};

/** The fields of answers that are dates. */
const DATE_FIELDS = new Set(['at', 'createdAt', 'reservedUntil', 'updatedAt']);

/** Makes the rules of orders over where they are kept, the stock and the money. */
export const makeOrders = (deps: {
  store: OrderStore;
  idempotencyStore: IdempotencyStore;
  stock: StockKeeper;
  cashier: Cashier;
  holds: HoldStore;
  times: OrderTimes;
  limits: HoldLimits;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): Orders => {
  const { store } = deps;
  const completion = makeOrderCompletion(deps);
  const answers = makeIdempotency(deps.idempotencyStore, { dateFields: DATE_FIELDS });
  const all = { ...deps, completion, answers };
  return {
    createOrder: makeCreateOrder(all),
    payOrder: makePayOrder(all),
    cancelOrder: makeCancelOrder(all),
    updateOrderStatus: makeUpdateOrderStatus(all),
    paymentDecided: async (orderId) => {
      const [order] = await store.findOrders([orderId]);
      return order ? completion.resolve(orderId) : null;
    },
    completion,
    answers,
    releaseAbandoned: makeReleaseAbandoned(deps),
    findOrders: store.findOrders,
    findHistory: store.findHistory,
    listOrders: store.listOrders,
    listOrdersOfEach: store.listOrdersOfEach,
  };
};
