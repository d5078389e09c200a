import { SYSTEM } from '../domain/order-event.ts';
import type { Cause } from '../domain/order-store.ts';
import { statusesBefore, type CancellationReason, type Order } from '../domain/order.ts';
import { dueIn, RESET_FAILURES } from './due.ts';
import { insertHistory, type NewLine } from './history.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { insertEvent } from './outbox.ts';

/**
 * Cancels an order whose status allows it for this reason. It is due when its stock should have been
 * released. A paid order owes a refund from then on.
 * @returns the order as it is then; null when the transition is not allowed
 */
export const cancelOrder = async (
  database: Database,
  order: Order,
  reason: CancellationReason,
  { actor, note = null, paymentResult, paymentOutcome = paymentResult }: Cause,
  headStartMs: number,
): Promise<Order | null> => {
  const now = new Date();
  const [from] = statusesBefore({ status: 'CANCELLED', reason });
  if (from === undefined) throw new Error(`no order is cancelled for ${reason}`);
  const wasPaid = from === 'CONFIRMED';
  const cancelled = {
    ...order,
    status: 'CANCELLED',
    cancellation: { reason, at: now },
    updatedAt: now,
  } as const;
  const decided: NewLine[] =
    paymentResult === undefined
      ? []
      : [
          {
            type: 'PAYMENT_DECIDED',
            fromStatus: from,
            toStatus: from,
            actor: SYSTEM,
            reason: paymentResult,
          },
        ];
  const toStatus = 'CANCELLED';
  const refund: NewLine[] = wasPaid
    ? [{ type: 'REFUND_REQUESTED', fromStatus: toStatus, toStatus, actor: SYSTEM, reason }]
    : [];
  const history = insertHistory(now, [
    ...decided,
    { type: 'CANCELLED', fromStatus: from, toStatus, actor, reason, note },
    ...refund,
  ]);
  const changed = await database.run<object>(Prisma.sql`/* order.cancel */
    WITH changed AS (
      UPDATE orders SET status = 'CANCELLED', updated_at = ${now}::timestamptz,
        cancel_reason = ${reason}::cancellation_reason, cancelled_at = ${now}::timestamptz,
        payment_outcome = coalesce(${paymentOutcome ?? null}::text, payment_outcome),
        refund_owed_at = CASE WHEN ${wasPaid}::boolean THEN ${now}::timestamptz END,
        due_at = ${dueIn(headStartMs)}, ${RESET_FAILURES}
      WHERE id = ${order.id}::uuid AND status = ${from}::order_status
      RETURNING id
    ), history AS (${history}
    ), event AS (${insertEvent(cancelled)}
    )
    SELECT id::text FROM changed`);
  return changed.length === 1 ? cancelled : null;
};
