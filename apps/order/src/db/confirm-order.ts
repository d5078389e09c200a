import { SYSTEM } from '../domain/order-event.ts';
import type { Cause } from '../domain/order-store.ts';
import type { Order } from '../domain/order.ts';
import { dueIn, RESET_FAILURES } from './due.ts';
import { insertHistory } from './history.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { insertEvent } from './outbox.ts';

/**
 * Confirms a pending order. It is due when its stock should have been committed.
 * @returns the order as it is then; null when it is not pending
 */
export const confirmOrder = async (
  database: Database,
  order: Order,
  { actor, note = null, paymentResult }: Cause & { readonly paymentResult: string },
  headStartMs: number,
): Promise<Order | null> => {
  const now = new Date();
  const confirmed = { ...order, status: 'CONFIRMED', updatedAt: now } as const;
  const history = insertHistory(now, [
    {
      type: 'PAYMENT_DECIDED',
      fromStatus: 'PENDING',
      toStatus: 'PENDING',
      actor: SYSTEM,
      reason: paymentResult,
    },
    { type: 'CONFIRMED', fromStatus: 'PENDING', toStatus: 'CONFIRMED', actor, note },
  ]);
  const changed = await database.run<object>(Prisma.sql`/* order.confirm */
    WITH changed AS (
      UPDATE orders SET status = 'CONFIRMED', updated_at = ${now}::timestamptz,
        payment_outcome = ${paymentResult}::text, due_at = ${dueIn(headStartMs)}, ${RESET_FAILURES}
      WHERE id = ${order.id}::uuid AND status = 'PENDING'
      RETURNING id
    ), history AS (${history}
    ), event AS (${insertEvent(confirmed)}
    )
    SELECT id::text FROM changed`);
  return changed.length === 1 ? confirmed : null;
};
