import type { Reservation } from '../../domain/reservation.ts';
import { LINE_COLUMNS, toReservation, type Connection, type LineRow } from './rows.ts';

/**
 * Makes held units sold. `version` is the row that this statement's snapshot sees: after waiting for a
 * concurrent change, its lines may be others, and nothing is done.
 */
const COMMIT = `/* product.commit */
WITH seen AS MATERIALIZED (
  SELECT order_id, xmin AS version FROM reservations WHERE order_id = $1::uuid AND status = 'HELD'
), line AS MATERIALIZED (
  SELECT ${LINE_COLUMNS} FROM reservation_lines WHERE order_id = $1::uuid
), sold AS (
  UPDATE reservations r SET status = 'COMMITTED', updated_at = now()
  FROM seen WHERE r.order_id = seen.order_id AND r.xmin = seen.version
  RETURNING r.order_id
), moved AS (
  INSERT INTO stock_movements
    (product_id, kind, stock_delta, held_delta, order_id, actor, reason, created_at)
  SELECT product_id, 'COMMITTED', 0, -quantity, order_id, 'order', 'order paid', now()
  FROM line, sold ORDER BY product_id
)
SELECT ${LINE_COLUMNS} FROM line, sold ORDER BY product_id`;

/**
 * Makes the units of a HELD reservation sold.
 * @returns null when it did nothing: the reservation is not HELD, or has just changed
 */
export const commitReservation = async (
  connection: Connection,
  orderId: string,
): Promise<Reservation | null> => {
  const { rows } = await connection.query<LineRow>(COMMIT, [orderId]);
  return rows.length === 0 ? null : toReservation(orderId, 'COMMITTED', rows);
};
