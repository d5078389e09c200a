import type { Connection } from './rows.ts';

/** Reads the partial index reservations_held_idx, in its order. */
export const FIND_EXPIRED = `/* product.find_expired */
SELECT order_id FROM reservations
WHERE status = 'HELD' AND expires_at <= $1::timestamptz AND order_id <> ALL ($3::uuid[])
ORDER BY expires_at LIMIT $2::int`;

/** The orders of holds that have expired by `now`, the oldest first, without the excluded ones. */
export const findExpiredHolds = async (
  connection: Connection,
  now: Date,
  limit: number,
  excluded: readonly string[],
): Promise<readonly string[]> => {
  const values = [now.toISOString(), limit, excluded];
  const { rows } = await connection.query<{ order_id: string }>(FIND_EXPIRED, values);
  return rows.map((row) => row.order_id);
};
