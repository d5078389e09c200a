import type { KeyedResponse } from '../domain/order-store.ts';
import { HEAD_START_MS } from '../domain/order-times.ts';
import type { Order } from '../domain/order.ts';
import { RESET_FAILURES } from './due.ts';
import { isHeld } from './is-held.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/**
 * Records that the stock of an order that has ended was sold or released. The order is due again only
 * when a refund is owed or its payment is not known.
 * @param keyed a response that is stored in the same statement, whether or not the stock was recorded
 * before
 * @returns whether the response was stored
 */
export const settleStock = async (
  database: Database,
  { id, status }: Order,
  keyed: KeyedResponse | null,
): Promise<boolean> => {
  const reason = status === 'CONFIRMED' ? 'COMMITTED' : 'RELEASED';
  const [done] = await database.run<{ isResponseSaved: boolean }>(Prisma.sql`/* order.settle */
    WITH changed AS (
      UPDATE orders SET stock_settled_at = now(), ${RESET_FAILURES},
        due_at = CASE
          WHEN refund_owed_at IS NOT NULL AND refunded_at IS NULL THEN now()
          WHEN payment_started_at IS NOT NULL AND payment_outcome IS NULL THEN greatest(
            now(), payment_started_at + make_interval(secs => ${HEAD_START_MS / 1_000}::float8))
        END
      WHERE id = ${id}::uuid AND status = ${status}::order_status AND stock_settled_at IS NULL
      RETURNING id
    ), history AS (
      INSERT INTO order_history (order_id, at, event, from_status, to_status, actor, reason)
      SELECT id, now(), 'STOCK_SETTLED', ${status}::order_status, ${status}::order_status, 'SHOP',
        ${reason}
      FROM changed ON CONFLICT DO NOTHING
    ), saved AS (
      UPDATE idempotency_keys
      SET response = ${keyed && JSON.stringify(keyed.response)}::jsonb
      WHERE ${isHeld(keyed?.lease ?? null)} RETURNING key
    )
    SELECT EXISTS (SELECT 1 FROM saved) AS "isResponseSaved"`);
  return done?.isResponseSaved ?? false;
};
