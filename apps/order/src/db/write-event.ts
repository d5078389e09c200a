import { writeEvents } from '@cartograph/events';
import type { Order } from '../domain/order.ts';
import type { Prisma } from './generated/client.ts';

const TYPES = {
  PENDING: 'order.created',
  CONFIRMED: 'order.confirmed',
  CANCELLED: 'order.cancelled',
} as const;

/**
 * Writes what others are told of an order that came to its status just now, in the transaction of
 * that change.
 */
export const writeEvent = (tx: Prisma.TransactionClient, order: Order): Promise<void> =>
  writeEvents(tx, [
    {
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
    },
  ]);
