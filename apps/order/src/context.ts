import { ShopError } from '@cartograph/errors';
import { MAX_PAGE_SIZE, type Page, type PageRequest } from '@cartograph/pagination';
import { throwIfCancelled } from '@cartograph/resilience';
import { type RequestContext, makeBatchLoader, makeGroupLoader } from '@cartograph/subgraph';
import DataLoader from 'dataloader';
import { MAX_LINES } from './domain/input.ts';
import type { OrderEvent } from './domain/order-event.ts';
import type { OrderAddress } from './domain/order-store.ts';
import type { Order, OrderStatus } from './domain/order.ts';
import type { Orders } from './domain/orders.ts';

/** A page of one customer's orders. */
type OrdersOfCustomer = {
  readonly userId: string;
  readonly status: OrderStatus | null;
  readonly page: PageRequest<string>;
};

/** Customers with the same key are read together. */
const argumentsOf = ({ status, page }: OrdersOfCustomer): string =>
  JSON.stringify([status, page.direction, page.size, page.from]);

/** Loads pages of customers' orders: those with equal arguments in one query. */
const makeOrdersLoader = (orders: Orders) =>
  new DataLoader<OrdersOfCustomer, Page<Order>, string>(
    async (keys) => {
      throwIfCancelled();
      const pages = new Map<string, ReadonlyMap<string, Page<Order>>>();
      const groups = [...Map.groupBy(keys, argumentsOf)];
      await Promise.all(
        groups.map(async ([args, [one, ...others]]) => {
          if (!one) return;
          const { userId, status, page } = one;
          pages.set(
            args,
            others.length === 0
              ? new Map([[userId, await orders.listOrders({ userId, status }, page)]])
              : await orders.listOrdersOfEach(
                  [userId, ...others.map((other) => other.userId)],
                  { status },
                  page,
                ),
          );
        }),
      );
      return keys.map(
        (key) =>
          pages.get(argumentsOf(key))?.get(key.userId) ??
          new Error('the store returned no page of a requested customer'),
      );
    },
    { cacheKeyFn: (key) => `${key.userId} ${argumentsOf(key)}` },
  );

/** Items that one request reads, at most: those of a page of the largest orders. */
const MAX_ITEMS = MAX_PAGE_SIZE * MAX_LINES;

/**
 * Makes the count of the items of one request. The cost of an operation assumes ten items in an order: a
 * request for many orders with a hundred each would be answered with ten times of what it may cost.
 * @returns counts the items of an order; it throws OPERATION_TOO_EXPENSIVE when they are too many in all
 */
export const makeItemCount = (): ((items: number) => void) => {
  let count = 0;
  return (items) => {
    count += items;
    if (count > MAX_ITEMS) throw new ShopError('OPERATION_TOO_EXPENSIVE');
  };
};

/** The loaders of one request. */
export const makeLoaders = (orders: Orders) => ({
  orderById: makeBatchLoader<Order>(orders.findOrders, (order) => order.id),
  orderByNumber: makeBatchLoader<Order>(
    (numbers) => orders.findOrdersByNumber(numbers.map(Number)),
    (order) => String(order.number),
  ),
  addressByOrder: makeBatchLoader<OrderAddress>(orders.findAddresses, ({ orderId }) => orderId),
  historyByOrder: makeGroupLoader<OrderEvent>(orders.findHistory, (event) => event.orderId),
  ordersOfCustomer: makeOrdersLoader(orders),
});

/** The context of a request to the order subgraph. */
export type Context = RequestContext & {
  readonly orders: Orders;
  readonly loaders: ReturnType<typeof makeLoaders>;
  readonly countItems: ReturnType<typeof makeItemCount>;
};
