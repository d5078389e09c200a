import type { OrderEvent } from '../domain/order-event.ts';
import type { Order } from '../domain/order.ts';
import {
  OrderEventType,
  OrderStatus,
  type OrderEvent as OrderEventRow,
  type Prisma,
} from './generated/client.ts';

/**
 * What this version of the service can read. A newer one may store other values during an upgrade,
 * on which Prisma would fail the whole list.
 */
export const KNOWN_STATUS = { in: Object.values(OrderStatus) };
export const isKnownStatus = (status: string): boolean => status in OrderStatus;

/** Lines of the history that it can read. */
export const KNOWN_EVENT = {
  event: { in: Object.values(OrderEventType) },
  toStatus: KNOWN_STATUS,
  OR: [{ fromStatus: null }, { fromStatus: KNOWN_STATUS }],
};

/** What of an order is read with it. */
export const WITH_ITEMS = { items: { orderBy: { position: 'asc' } } } as const;

type OrderRow = Prisma.OrderGetPayload<{ include: typeof WITH_ITEMS }>;

/** An order as the domain has it. */
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
 * The placeholder of an order whose status this version does not know. It is left out of what clients
 * read, and reported.
 */
export const toUnknownOrder = (row: { id: string; userId: string; status: string }): Order => ({
  ...row,
  status: row.status as Order['status'],
  number: 0,
  items: [],
  total: { amount: 0, currency: 'EUR' },
  cancellation: null,
  reservedUntil: new Date(0),
  createdAt: new Date(0),
  updatedAt: new Date(0),
});

/** One line of an order's history as the domain has it. */
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
