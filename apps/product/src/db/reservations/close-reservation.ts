import type { Reservation } from '../../domain/reservation.ts';
import type { Cause } from '../../domain/stock-ledger.ts';
import { returnHeldUnits } from './release-reservation.ts';
import { LINE_COLUMNS, toReservation, type Connection, type LineRow } from './rows.ts';

/**
 * Releases and closes a HELD reservation; otherwise closes a released one, or inserts a closed one, so
 * that a delayed request reserves nothing. The insertion waits for a concurrent request that reserves.
 */
const CLOSE = `/* product.close */
WITH ${returnHeldUnits('true', 'now()')}
, closed AS (
  INSERT INTO reservations AS r
    (order_id, status, expires_at, refused_at, created_at, updated_at)
  SELECT $1::uuid, 'RELEASED', now(), now(), now(), now()
  WHERE NOT EXISTS (SELECT FROM released)
  ON CONFLICT (order_id) DO UPDATE SET refused_at = now(), updated_at = now()
  WHERE r.status = 'RELEASED' AND r.refused_at IS NULL
)
SELECT ${LINE_COLUMNS} FROM line, released ORDER BY product_id`;

/**
 * Closes a reservation: no stock is taken for its order again.
 * @returns the reservation if it was HELD; otherwise null, and the caller must read what there is: it
 *   is closed, COMMITTED, or has just been reserved
 */
export const closeReservation = async (
  connection: Connection,
  orderId: string,
  { actor, reason }: Cause,
): Promise<Reservation | null> => {
  const { rows } = await connection.query<LineRow>(CLOSE, [orderId, actor, reason]);
  return rows.length === 0 ? null : toReservation(orderId, 'RELEASED', rows);
};
