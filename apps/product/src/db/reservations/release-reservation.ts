import type { Reservation } from '../../domain/reservation.ts';
import type { Cause } from '../../domain/stock-ledger.ts';
import { changedAt } from '../changed-at.ts';
import { LINE_COLUMNS, toReservation, type Connection, type LineRow } from './rows.ts';

/**
 * The parts of a statement that returns held units to stock: the products first, in the order of
 * their ids, then the reservation. `version` as in COMMIT. Parameters: $1 the order, $2 the actor and
 * $3 the reason for the ledger.
 * @param condition which HELD reservation: SQL
 * @param refusedAt the value of refused_at: SQL
 */
export const returnHeldUnits = (condition: string, refusedAt: string): string => `
seen AS MATERIALIZED (
  SELECT order_id, xmin AS version FROM reservations
  WHERE order_id = $1::uuid AND status = 'HELD' AND ${condition}
), line AS MATERIALIZED (
  SELECT ${LINE_COLUMNS} FROM reservation_lines WHERE order_id = $1::uuid
), locked AS MATERIALIZED (
  SELECT p.id FROM products p
  WHERE p.id IN (SELECT product_id FROM line) AND EXISTS (SELECT FROM seen)
  ORDER BY p.id FOR NO KEY UPDATE
), released AS (
  UPDATE reservations r SET status = 'RELEASED', refused_at = ${refusedAt}, updated_at = now()
  FROM seen, (SELECT count(*) FROM locked) AS products -- locked before the reservation is
  WHERE r.order_id = seen.order_id AND r.xmin = seen.version
  RETURNING r.order_id
), returned AS (
  UPDATE products p SET stock = p.stock + line.quantity,
    updated_at = ${changedAt('p.updated_at')}
  FROM line, released WHERE p.id = line.product_id
), moved AS (
  INSERT INTO stock_movements
    (product_id, kind, stock_delta, held_delta, order_id, actor, reason, created_at)
  SELECT product_id, 'RELEASED', quantity, -quantity, order_id, $2::text, $3::text, now()
  FROM line, released ORDER BY product_id
)`;

const RELEASE = `/* product.release */
WITH ${returnHeldUnits("expires_at <= coalesce($4::timestamptz, 'infinity')", 'NULL')}
SELECT ${LINE_COLUMNS} FROM line, released ORDER BY product_id`;

/**
 * Returns the units of a HELD reservation to stock.
 * @param expiredBy releases only a hold that has expired by then
 * @returns null when it did nothing: there is no such reservation, or it has just changed
 */
export const releaseReservation = async (
  connection: Connection,
  orderId: string,
  { actor, reason }: Cause,
  expiredBy: Date | undefined,
): Promise<Reservation | null> => {
  const { rows } = await connection.query<LineRow>(RELEASE, [
    orderId,
    actor,
    reason,
    expiredBy?.toISOString() ?? null,
  ]);
  return rows.length === 0 ? null : toReservation(orderId, 'RELEASED', rows);
};
