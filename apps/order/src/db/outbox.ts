import { makeEvent } from '@cartograph/events';
import type { Order } from '../domain/order.ts';
import { Prisma } from './generated/client.ts';

const TYPES = {
  PENDING: 'order.created',
  CONFIRMED: 'order.confirmed',
  CANCELLED: 'order.cancelled',
} as const;

/**
 * Inserts the event of an order's new status, where the CTE `changed` has a row: both are stored, or
 * neither. It is published from there.
 */
export const insertEvent = (order: Order | Omit<Order, 'number'>): Prisma.Sql => {
  const event = makeEvent({
    type: TYPES[order.status],
    subject: order.id,
    time: order.updatedAt,
    data: {
      orderId: order.id,
      userId: order.userId,
      status: order.status,
      total: order.total,
      items: order.items.map(({ productId, quantity, unitPrice }) => ({
        productId,
        quantity,
        unitPrice,
      })),
      cancellationReason: order.cancellation?.reason ?? null,
    },
  });
  return Prisma.sql`
    INSERT INTO events (id, envelope, created_at)
    SELECT ${event.id}::uuid, ${JSON.stringify(event)}::jsonb, ${event.time}::timestamptz
    FROM changed`;
};
