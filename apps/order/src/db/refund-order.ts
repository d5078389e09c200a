import { SYSTEM } from '../domain/order-event.ts';
import type { Order } from '../domain/order.ts';
import { RESET_FAILURES } from './due.ts';
import { insertHistory } from './history.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** Records that a cancelled order was paid, once: its refund is due now. */
export const oweRefund = async (database: Database, { id, cancellation }: Order): Promise<void> => {
  const now = new Date();
  const line = { fromStatus: 'CANCELLED', toStatus: 'CANCELLED', actor: SYSTEM } as const;
  const history = insertHistory(now, [
    { ...line, type: 'PAYMENT_DECIDED', reason: 'SUCCEEDED' },
    { ...line, type: 'REFUND_REQUESTED', reason: cancellation?.reason ?? null },
  ]);
  await database.run(Prisma.sql`/* order.owe_refund */
    WITH changed AS (
      UPDATE orders SET payment_outcome = 'SUCCEEDED', refund_owed_at = ${now}::timestamptz,
        due_at = now(), ${RESET_FAILURES}
      WHERE id = ${id}::uuid AND status = 'CANCELLED' AND refund_owed_at IS NULL
      RETURNING id
    ), history AS (${history}
    )
    SELECT id::text FROM changed`);
};

/** Records that the refund of an order was requested. It is due again when it has more to do. */
export const recordRefunded = async (database: Database, id: string): Promise<void> => {
  await database.run(Prisma.sql`/* order.refunded */
    UPDATE orders SET refunded_at = now(), ${RESET_FAILURES},
      due_at = CASE WHEN stock_settled_at IS NULL
        OR (payment_started_at IS NOT NULL AND payment_outcome IS NULL) THEN now() END
    WHERE id = ${id}::uuid AND refund_owed_at IS NOT NULL AND refunded_at IS NULL
    RETURNING id::text`);
};
