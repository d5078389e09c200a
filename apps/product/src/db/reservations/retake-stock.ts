import { v7 as makeId } from 'uuid';
import type { Reservation } from '../../domain/reservation.ts';
import { changedAt } from '../changed-at.ts';
import { lowStockEvent, makeLowStockEnvelope } from './low-stock-event.ts';
import { LINE_COLUMNS, toReservation, type Connection, type LineRow } from './rows.ts';

/**
 * Takes the units of a released reservation again and makes them sold, or closes the reservation when
 * stock is short. Locks and `version` as in RESERVE and COMMIT.
 */
const RETAKE = `/* product.retake */
WITH seen AS MATERIALIZED (
  SELECT order_id, xmin AS version FROM reservations
  WHERE order_id = $1::uuid AND status = 'RELEASED' AND refused_at IS NULL
), line AS MATERIALIZED (
  SELECT ${LINE_COLUMNS}, row_number() OVER (ORDER BY product_id) AS place
  FROM reservation_lines WHERE order_id = $1::uuid
), locked AS MATERIALIZED (
  SELECT p.id, p.stock FROM products p
  WHERE p.id IN (SELECT product_id FROM line) AND EXISTS (SELECT FROM seen)
  ORDER BY p.id FOR NO KEY UPDATE
), changed AS MATERIALIZED (
  SELECT line.product_id, line.sku, line.quantity, locked.stock,
    locked.stock - line.quantity AS stock_left, ($2::uuid[])[line.place] AS event_id
  FROM line JOIN locked ON locked.id = line.product_id
), ended AS (
  UPDATE reservations r SET updated_at = now(),
    status = CASE WHEN short.is_short THEN r.status ELSE 'COMMITTED' END,
    refused_at = CASE WHEN short.is_short THEN now() END
  FROM seen, (SELECT coalesce(bool_or(stock_left < 0), true) AS is_short FROM changed) AS short
  WHERE r.order_id = seen.order_id AND r.xmin = seen.version
    AND (SELECT count(*) FROM line) = cardinality($2::uuid[])
  RETURNING r.order_id, r.status
), sold AS (
  SELECT order_id FROM ended WHERE status = 'COMMITTED'
), taken AS (
  UPDATE products p SET stock = p.stock - changed.quantity,
    updated_at = ${changedAt('p.updated_at')}
  FROM changed, sold WHERE p.id = changed.product_id
), moved AS (
  INSERT INTO stock_movements
    (product_id, kind, stock_delta, held_delta, order_id, actor, reason, created_at)
  SELECT product_id, kind::stock_movement_kind, stock_factor * quantity, held_factor * quantity,
    order_id, 'order', 'order paid after its hold had ended', now()
  FROM changed, sold, (VALUES (1, 'RESERVED', -1, 1), (2, 'COMMITTED', 0, -1))
    AS step(place, kind, stock_factor, held_factor)
  ORDER BY step.place, product_id
), low AS (
  INSERT INTO events (id, envelope, created_at)
  SELECT ${lowStockEvent('$3', '$4')}
  FROM changed, sold WHERE stock > $4::int AND stock_left <= $4::int ORDER BY product_id
)
SELECT ${LINE_COLUMNS}, ended.status FROM line, ended ORDER BY product_id`;

/**
 * Takes stock for an order that was paid after its hold had ended, or closes the reservation when
 * stock is short.
 * @param reservation as it was read: RELEASED and not closed
 * @returns null when it did nothing: the reservation has just changed, or is closed
 */
export const retakeStock = async (
  connection: Connection,
  { orderId, lines }: Reservation,
  lowStock: number,
): Promise<Reservation | null> => {
  const { rows } = await connection.query<LineRow & { status: 'COMMITTED' | 'RELEASED' }>(RETAKE, [
    orderId,
    lines.map(() => makeId()),
    makeLowStockEnvelope(),
    lowStock,
  ]);
  const [first] = rows;
  return first ? toReservation(orderId, first.status, rows) : null;
};
