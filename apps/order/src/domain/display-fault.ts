import { findMoneyFault, multiplyAmount } from '@cartograph/money';
import { showRows } from '@cartograph/pagination';
import {
  findDateFault,
  makeRowIsolatingReader,
  makeRowFilter,
  type ReportFault,
} from '@cartograph/validation';
import type { OrderEvent } from './order-event.ts';
import type { Order, OrderItem, OrderStatus } from './order.ts';
import type { Orders } from './orders.ts';

/** A newer version may have stored another one already. */
const STATUSES: ReadonlySet<OrderStatus> = new Set(['PENDING', 'CONFIRMED', 'CANCELLED']);

/** Why a stored order can't be written into an answer; null when it can. */
export const findOrderFault = (order: Order): string | null => {
  const { status, total, createdAt, updatedAt, reservedUntil, cancellation } = order;
  if (!STATUSES.has(status)) return 'status: is not known';
  return (
    findMoneyFault(total) ??
    findDateFault([createdAt, updatedAt, reservedUntil, cancellation?.at ?? null])
  );
};

/** Why a stored line can't be written into an answer; null when it can. */
export const findItemFault = ({ unitPrice, quantity }: OrderItem): string | null => {
  if (multiplyAmount(unitPrice.amount, quantity) === null) return 'line total: is not exact';
  return findMoneyFault(unitPrice);
};

/** Why a line of the history can't be written into an answer; null when it can. */
export const findEventFault = ({ at, fromStatus, toStatus }: OrderEvent): string | null => {
  const isKnown = STATUSES.has(toStatus) && (fromStatus === null || STATUSES.has(fromStatus));
  return isKnown ? findDateFault([at]) : 'status: is not known';
};

type Readable = Pick<Orders, 'findOrders' | 'findHistory' | 'listOrders' | 'listOrdersOfEach'>;

/**
 * Orders as clients read them: what can't be shown is left out and reported, order or line.
 * @param isUnreadable whether a read failed for what is in a row
 */
export const hideFaultyOrders = <Given extends Readable>(
  orders: Given,
  report: ReportFault,
  isUnreadable: (error: unknown) => boolean,
): Given => {
  const isShown = makeRowFilter<Order>(report, {
    table: 'orders',
    idOf: ({ id }) => id,
    findFault: findOrderFault,
  });
  const isEventShown = makeRowFilter<OrderEvent>(report, {
    table: 'order_history',
    idOf: ({ orderId }) => orderId,
    findFault: findEventFault,
  });
  const show = (order: Order): Order | null => {
    if (!isShown(order)) return null;
    const isItemShown = makeRowFilter<OrderItem>(report, {
      table: 'order_items',
      idOf: ({ sku }) => `${order.id} ${sku}`,
      findFault: findItemFault,
    });
    const items = order.items.filter(isItemShown);
    return items.length === order.items.length ? order : { ...order, items };
  };
  const find = makeRowIsolatingReader(report, {
    table: 'orders',
    find: orders.findOrders,
    isUnreadable,
  });
  return {
    ...orders,
    findOrders: async (ids) => (await find(ids)).flatMap((order) => show(order) ?? []),
    findHistory: async (ids) => (await orders.findHistory(ids)).filter(isEventShown),
    listOrders: async (...args) => showRows(await orders.listOrders(...args), show),
    listOrdersOfEach: async (...args) => {
      const pages = await orders.listOrdersOfEach(...args);
      return new Map([...pages].map(([id, page]) => [id, showRows(page, show)]));
    },
  };
};
