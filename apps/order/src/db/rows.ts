import { findMoneyFault, multiplyAmount } from '@cartograph/money';
import { showRows } from '@cartograph/pagination';
import {
  findDateFault,
  makeRowFilter,
  makeRowIsolatingReader,
  type ReportFault,
} from '@cartograph/validation';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Order, OrderItem } from '../domain/order.ts';
import type { Orders } from '../domain/orders.ts';
import {
  CancellationReason,
  OrderEventType,
  OrderStatus,
  type OrderEvent as OrderEventRow,
  type Prisma,
} from './generated/client.ts';

/**
 * The statuses that this version of the service knows. A newer one may store others during an upgrade,
 * which would make Prisma fail to read the whole list.
 */
const KNOWN_STATUS = { in: Object.values(OrderStatus) };
const isKnownStatus = (status: string): boolean => status in OrderStatus;
const isKnownReason = (reason: string | null): boolean =>
  reason === null || reason in CancellationReason;

/** The enum columns of an order, as text: of an order that Prisma may be unable to read. */
export type OrderEnums = {
  readonly id: string;
  readonly userId: string;
  readonly status: string;
  readonly cancelReason: string | null;
};

/** Whether this version knows all enum values of an order. */
export const isKnownOrder = ({ status, cancelReason }: OrderEnums): boolean =>
  isKnownStatus(status) && isKnownReason(cancelReason);

/** Selects lines of the history with known values. */
export const KNOWN_EVENT = {
  event: { in: Object.values(OrderEventType) },
  toStatus: KNOWN_STATUS,
  OR: [{ fromStatus: null }, { fromStatus: KNOWN_STATUS }],
};

/** The fields of an order that clients read, with its lines: not those of its work. */
export const ORDER_FIELDS = {
  id: true,
  number: true,
  userId: true,
  status: true,
  totalCents: true,
  currency: true,
  cancelReason: true,
  cancelledAt: true,
  reservedUntil: true,
  createdAt: true,
  updatedAt: true,
  items: { orderBy: { position: 'asc' } },
} as const;

type OrderRow = Prisma.OrderGetPayload<{ select: typeof ORDER_FIELDS }>;

const toCancellation = (reason: string, at: Date): Order['cancellation'] => ({
  reason: reason as CancellationReason,
  at,
});

/** Converts a row to an order of the domain. */
export const toOrder = ({
  totalCents,
  currency,
  cancelReason,
  cancelledAt,
  items,
  ...row
}: OrderRow): Order => ({
  ...row,
  total: { amount: Number(totalCents), currency },
  cancellation: cancelReason && cancelledAt && { reason: cancelReason, at: cancelledAt },
  items: items.map(({ productId, sku, name, quantity, priceCents }) => ({
    productId,
    sku,
    name,
    quantity,
    unitPrice: { amount: Number(priceCents), currency },
  })),
});

/**
 * Stands in a page for an order with an enum value that this version does not know, so that paging
 * continues after it. Clients never read it: `hideFaultyOrders` leaves it out and reports it.
 */
export const toUnknownOrder = ({ id, userId, status, cancelReason }: OrderEnums): Order => ({
  id,
  userId,
  status: status as Order['status'],
  number: 0,
  items: [],
  total: { amount: 0, currency: 'EUR' },
  cancellation: cancelReason === null ? null : toCancellation(cancelReason, new Date(0)),
  reservedUntil: new Date(0),
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

/** Converts a row to a line of an order's history. */
export const toOrderEvent = ({ event, actor, actorId, ...row }: OrderEventRow): OrderEvent => ({
  orderId: row.orderId,
  at: row.at,
  type: event,
  fromStatus: row.fromStatus,
  toStatus: row.toStatus,
  actor:
    actor === 'SHOP' || actorId === null
      ? { kind: 'SHOP', id: null }
      : { kind: actor, id: actorId },
  reason: row.reason,
  note: row.note,
});

/** Why an order can't be displayed; null when it can. */
const findOrderFault = (order: Order): string | null => {
  const { status, total, createdAt, updatedAt, reservedUntil, cancellation } = order;
  if (!isKnownStatus(status)) return 'status: is not known';
  if (cancellation && !isKnownReason(cancellation.reason)) {
    return 'cancellation: its reason is not known';
  }
  return (
    findMoneyFault(total) ??
    findDateFault([createdAt, updatedAt, reservedUntil, cancellation?.at ?? null])
  );
};

const findItemFault = ({ unitPrice, quantity }: OrderItem): string | null => {
  if (multiplyAmount(unitPrice.amount, quantity) === null) return 'line total: is not exact';
  return findMoneyFault(unitPrice);
};

const findEventFault = ({ at, fromStatus, toStatus }: OrderEvent): string | null => {
  const isKnown = isKnownStatus(toStatus) && (fromStatus === null || isKnownStatus(fromStatus));
  return isKnown ? findDateFault([at]) : 'status: is not known';
};

type Readable = Pick<Orders, 'findOrders' | 'findHistory' | 'listOrders' | 'listOrdersOfEach'>;

/**
 * Orders as clients read them: orders and lines that cannot be displayed are left out and reported.
 * @param isUnreadable whether a read failed because of what is in a row
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
