import { findMoneyFault, multiplyAmount } from '@cartograph/money';
import { showRows } from '@cartograph/pagination';
import { makeEnumReader } from '@cartograph/postgres';
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
  OrderActor,
  OrderEventType,
  OrderStatus,
  Prisma,
  type OrderEvent as OrderEventRow,
} from './generated/client.ts';

const isKnownStatus = (status: string): boolean => status in OrderStatus;
const isKnownReason = (reason: string | null): boolean =>
  reason === null || reason in CancellationReason;

/** An order as `ORDER_COLUMNS` selects it. A newer version may have stored other enum values. */
export type OrderRow = {
  readonly id: string;
  readonly number: number;
  readonly userId: string;
  readonly status: string;
  readonly totalCents: bigint;
  readonly currency: string;
  readonly cancelReason: string | null;
  readonly cancelledAt: Date | null;
  readonly reservedUntil: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly hasAddress: boolean;
  readonly items: readonly (Omit<OrderItem, 'unitPrice'> & { readonly priceCents: number })[];
};

/**
 * Selects an order `o` as clients read it, with its lines as JSON: not the columns of its work. Named,
 * so that cached plans survive new ones.
 */
export const ORDER_COLUMNS = Prisma.raw(`
  o.id, o.number, o.user_id AS "userId", o.status::text, o.total_cents AS "totalCents",
  o.currency, o.cancel_reason::text AS "cancelReason", o.cancelled_at AS "cancelledAt",
  o.reserved_until AS "reservedUntil", o.created_at AS "createdAt", o.updated_at AS "updatedAt",
  EXISTS (SELECT 1 FROM order_addresses a WHERE a.order_id = o.id) AS "hasAddress",
  (SELECT coalesce(json_agg(json_build_object(
      'productId', i.product_id, 'sku', i.sku, 'name', i.name, 'quantity', i.quantity,
      'priceCents', i.price_cents
    ) ORDER BY i.position), '[]') FROM order_items i WHERE i.order_id = o.id) AS items`);

/** Converts a row to an order of the domain, also with enum values that this version does not know. */
export const toOrder = (row: OrderRow): Order => ({
  id: row.id,
  number: row.number,
  userId: row.userId,
  status: row.status as OrderStatus,
  items: row.items.map(({ productId, sku, name, quantity, priceCents }) => ({
    productId,
    sku,
    name,
    quantity,
    unitPrice: { amount: priceCents, currency: row.currency },
  })),
  total: { amount: Number(row.totalCents), currency: row.currency },
  cancellation:
    row.cancelReason !== null && row.cancelledAt !== null
      ? { reason: row.cancelReason as CancellationReason, at: row.cancelledAt }
      : null,
  reservedUntil: row.reservedUntil,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  hasAddress: row.hasAddress,
});

const readStatus = makeEnumReader('order_status', Object.values(OrderStatus));
const readReason = makeEnumReader('cancellation_reason', Object.values(CancellationReason));

/** As toOrder. @throws for an enum value that this version does not know, as Prisma does */
export const toKnownOrder = (row: OrderRow): Order => {
  readStatus(row.status);
  if (row.cancelReason !== null) readReason(row.cancelReason);
  return toOrder(row);
};

/** Selects the lines of a history under the names that Prisma uses. */
export const HISTORY_COLUMNS = `order_id AS "orderId", at, event::text,
  from_status::text AS "fromStatus", to_status::text AS "toStatus", actor::text,
  actor_id AS "actorId", reason, note`;

/** A line of a history as `HISTORY_COLUMNS` selects it. */
export type HistoryRow = Omit<OrderEventRow, 'id'>;

/** Whether this version knows all enum values of a line. */
export const isKnownEvent = ({ event, fromStatus, toStatus, actor }: HistoryRow): boolean =>
  event in OrderEventType &&
  actor in OrderActor &&
  isKnownStatus(toStatus) &&
  (fromStatus === null || isKnownStatus(fromStatus));

/** Converts a row to a line of an order's history. */
export const toOrderEvent = ({ event, actor, actorId, ...row }: HistoryRow): OrderEvent => ({
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

type Readable = Pick<
  Orders,
  'findOrders' | 'findOrdersByNumber' | 'findHistory' | 'listOrders' | 'listOrdersOfEach'
>;

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
  const findByNumber = makeRowIsolatingReader(report, {
    table: 'orders',
    find: (keys) => orders.findOrdersByNumber(keys.map(Number)),
    isUnreadable,
  });
  return {
    ...orders,
    findOrdersByNumber: async (numbers) =>
      (await findByNumber(numbers.map(String))).flatMap((order) => show(order) ?? []),
    findOrders: async (ids) => (await find(ids)).flatMap((order) => show(order) ?? []),
    findHistory: async (ids) => (await orders.findHistory(ids)).filter(isEventShown),
    listOrders: async (...args) => showRows(await orders.listOrders(...args), show),
    listOrdersOfEach: async (...args) => {
      const pages = await orders.listOrdersOfEach(...args);
      return new Map([...pages].map(([id, page]) => [id, showRows(page, show)]));
    },
  };
};
