import { sampledTraceparent } from '@cartograph/telemetry';
import { HEAD_START_MS } from '../domain/order-times.ts';
import type { Order } from '../domain/order.ts';
import { dueIn, RESET_FAILURES } from './due.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';
import { STATE_COLUMNS, toOrderState, type OrderStateRow } from './order-state.ts';

/**
 * Records that a customer starts to pay their order: pending, and within its time by the database's
 * clock. Its payment is checked in HEAD_START_MS; a check that is due earlier keeps its time.
 * @returns null when the order can't be paid
 */
export const startPayment = async (
  database: Database,
  orderId: string,
  userId: string,
): Promise<Order | null> => {
  const [row] = await database.run<OrderStateRow>(Prisma.sql`/* order.start */
    WITH o AS (
      UPDATE orders SET payment_started_at = coalesce(payment_started_at, now()),
        due_at = CASE WHEN payment_started_at IS NULL OR dead_at IS NOT NULL
          THEN ${dueIn(HEAD_START_MS)} ELSE least(due_at, ${dueIn(HEAD_START_MS)}) END,
        due_trace = coalesce(${sampledTraceparent()}::text, due_trace),
        ${RESET_FAILURES}
      WHERE id = ${orderId}::uuid AND user_id = ${userId}::uuid AND status = 'PENDING'
        AND reserved_until > now()
      RETURNING id, number, user_id, status, total_cents, currency, cancel_reason, cancelled_at,
        reserved_until, created_at, updated_at, payment_started_at, payment_outcome,
        stock_settled_at, refund_owed_at, refunded_at
    ), history AS (
      INSERT INTO order_history (order_id, at, event, from_status, to_status, actor, actor_id)
      SELECT id, now(), 'PAYMENT_STARTED', status, status, 'CUSTOMER', user_id FROM o
      ON CONFLICT DO NOTHING
    )
    SELECT ${STATE_COLUMNS} FROM o`);
  return row ? toOrderState(row).order : null;
};
