import { RESET_FAILURES } from './due.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/**
 * Records how the payment of an order that has ended ended, if that was not known. The order is due
 * again when it has more to do.
 */
export const recordOutcome = async (
  database: Database,
  id: string,
  outcome: string,
): Promise<void> => {
  await database.run(Prisma.sql`/* order.payment_outcome */
    UPDATE orders SET payment_outcome = ${outcome}, ${RESET_FAILURES},
      due_at = CASE WHEN stock_settled_at IS NULL
        OR (refund_owed_at IS NOT NULL AND refunded_at IS NULL) THEN now() END
    WHERE id = ${id}::uuid AND status <> 'PENDING' AND payment_outcome IS NULL
    RETURNING id::text`);
};
