import { writeEvents } from '@cartograph/events';
import type { OrderEvent } from '../domain/order-event.ts';
import type { Order } from '../domain/order.ts';
import type { Prisma } from './generated/client.ts';

const TYPES = {
  PENDING: 'order.created',
  CONFIRMED: 'order.confirmed',
  CANCELLED: 'order.cancelled',
} as const;

/** Writes the event of an order's new status, in the transaction of that change. */
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

type NewLine = Omit<OrderEvent, 'at' | 'reason' | 'note'> &
  Partial<Pick<OrderEvent, 'reason' | 'note'>>;

/**
 * Writes a line of an order's history, in the transaction of the change.
 * @returns false when the order has such a line already
 */
export const writeHistory = async (
  tx: Prisma.TransactionClient,
  at: Date,
  { type: event, actor, ...fields }: NewLine,
): Promise<boolean> => {
  const { count } = await tx.orderEvent.createMany({
    data: [{ ...fields, at, event, actor: actor.kind, actorId: actor.id }],
    skipDuplicates: true,
  });
  return count === 1;
};
