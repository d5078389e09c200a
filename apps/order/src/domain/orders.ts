import { makeIdempotency, type Idempotency, type IdempotencyStore } from '@cartograph/idempotency';
import type { CatalogueReader } from './catalogue-reader.ts';
import { makeCancelOrder, type CancelOrder } from './cancel-order.ts';
import type { InventoryClient } from './inventory-client.ts';
import type { PaymentClient } from './payment-client.ts';
import { makeOrderCompletion } from './complete-order.ts';
import { makeCreateOrder, type CreateOrder } from './create-order.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderTimes } from './order-times.ts';
import type { Order } from './order.ts';
import { makePayOrder, type PayOrder } from './pay-order.ts';
import { makePreviewOrder, type PreviewOrder } from './preview-order.ts';
import { makeProcessDueOrder, type ProcessDueOrder } from './process-due-order.ts';
import {
  makeReleaseAbandoned,
  type HoldLimits,
  type HoldStore,
  type ReleaseAbandoned,
} from './stock-hold.ts';
import { makeUpdateOrderStatus, type UpdateOrderStatus } from './update-order-status.ts';

/** The use cases of orders. */
export type Orders = {
  readonly previewOrder: PreviewOrder;
  readonly createOrder: CreateOrder;
  readonly payOrder: PayOrder;
  readonly cancelOrder: CancelOrder;
  readonly updateOrderStatus: UpdateOrderStatus;
  /**
   * Handles the notification that a payment is settled: it reads the payment from the payment service.
   * @returns null when there is no such order
   */
  readonly paymentDecided: (orderId: string) => Promise<Order | null>;
  readonly processDueOrder: ProcessDueOrder;
  readonly idempotency: Idempotency;
  readonly releaseAbandoned: ReleaseAbandoned;
  readonly findOrders: OrderStore['findOrders'];
  readonly findOrdersByNumber: OrderStore['findOrdersByNumber'];
  readonly findAddresses: OrderStore['findAddresses'];
  readonly findHistory: OrderStore['findHistory'];
  readonly listOrders: OrderStore['listOrders'];
  readonly listOrdersOfEach: OrderStore['listOrdersOfEach'];
};

/** The date fields of responses. */
const DATE_FIELDS = new Set(['at', 'createdAt', 'reservedUntil', 'updatedAt']);

/** Makes the operations on orders, from the stores and services that they need. */
export const makeOrders = (deps: {
  store: OrderStore;
  idempotencyStore: IdempotencyStore;
  catalogue: CatalogueReader;
  inventory: InventoryClient;
  payments: PaymentClient;
  holds: HoldStore;
  times: OrderTimes;
  limits: HoldLimits;
  onSettleDeferred: (orderId: string, error: unknown) => void;
}): Orders => {
  const { store } = deps;
  const completion = makeOrderCompletion(deps);
  const idempotency = makeIdempotency(deps.idempotencyStore, { dateFields: DATE_FIELDS });
  const all = { ...deps, completion, idempotency };
  return {
    previewOrder: makePreviewOrder(all),
    createOrder: makeCreateOrder(all),
    payOrder: makePayOrder(all),
    cancelOrder: makeCancelOrder(all),
    updateOrderStatus: makeUpdateOrderStatus(all),
    paymentDecided: completion.resolve,
    processDueOrder: makeProcessDueOrder(deps),
    idempotency,
    releaseAbandoned: makeReleaseAbandoned(deps),
    findOrders: store.findOrders,
    findOrdersByNumber: store.findOrdersByNumber,
    findAddresses: store.findAddresses,
    findHistory: store.findHistory,
    listOrders: store.listOrders,
    listOrdersOfEach: store.listOrdersOfEach,
  };
};
