import type { OrderEvent } from '../domain/order-event.ts';
import type { Prisma } from './generated/client.ts';

type NewEvent = Omit<OrderEvent, 'at' | 'reason' | 'note'> &
  Partial<Pick<OrderEvent, 'reason' | 'note'>>;

/**
 * Writes what happened to an order in the transaction of the change itself.
 * @returns false when it had been written before: each thing happens to an order once
 */
export const writeHistory = async (
  tx: Prisma.TransactionClient,
  at: Date,
  { type: event, actor, ...fields }: NewEvent,
): Promise<boolean> => {
  const { count } = await tx.orderEvent.createMany({
    data: [{ ...fields, at, event, actor: actor.kind, actorId: actor.id }],
    skipDuplicates: true,
  });
  return count === 1;
};
