import { v7 as makeId } from 'uuid';
import type { Order } from '../domain/order.ts';
import type { Prisma } from './generated/client.ts';

const TYPES = {
  PENDING: 'order.created',
  CONFIRMED: 'order.confirmed',
  CANCELLED: 'order.cancelled',
} as const;

/**
 * Writes what others are told of an order that came to its status just now, in the transaction of
 * that change: a CloudEvents 1.0 envelope (github.com/cloudevents/spec, section "Context
 * Attributes"). Carriers take it from there.
 */
export const writeEvent = async (tx: Prisma.TransactionClient, order: Order): Promise<void> => {
  const id = makeId();
  const envelope = {
    specversion: '1.0',
    id,
    source: '/order',
    type: TYPES[order.status],
    subject: order.id,
    time: order.updatedAt.toISOString(),
    datacontenttype: 'application/json',
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
  };
  await tx.event.create({ data: { id, envelope, createdAt: order.updatedAt } });
};
