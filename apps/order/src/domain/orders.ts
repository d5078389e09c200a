import { makeOrderCompletion, type OrderCompletion } from './complete-order.ts';
import { makeCreateOrder, type CreateOrder, type OrderTimes } from './create-order.ts';
import type { Cashier } from './cashier.ts';
import type { OrderStore } from './order-store.ts';
import { makePayOrder, type PayOrder } from './pay-order.ts';
import type { StockKeeper } from './stock-keeper.ts';

/** What can be done with orders. */
export type Orders = {
  readonly createOrder: CreateOrder;
  readonly payOrder: PayOrder;
  readonly completion: OrderCompletion;
  readonly findOrders: OrderStore['findOrders'];
  readonly listOrders: OrderStore['listOrders'];
};

/** Makes the rules of orders over where they are kept, the stock and the money. */
export const makeOrders = (deps: {
  store: OrderStore;
  stock: StockKeeper;
  cashier: Cashier;
  times: OrderTimes;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): Orders => {
  const completion = makeOrderCompletion(deps);
  return {
    createOrder: makeCreateOrder(deps),
    payOrder: makePayOrder({ ...deps, completion }),
    completion,
    findOrders: deps.store.findOrders,
    listOrders: deps.store.listOrders,
  };
};
