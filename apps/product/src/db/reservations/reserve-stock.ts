import { CURRENCIES, MAX_AMOUNT } from '@cartograph/money';
import { v7 as makeId } from 'uuid';
import type { Units } from '../../domain/reservation.ts';
import { changedAt } from '../changed-at.ts';
import { lowStockEvent, makeLowStockEnvelope } from './low-stock-event.ts';
import type { Connection, LineRow } from './rows.ts';

/** Whether the row of a product can be ordered: `findProductFault` says why it can't. */
const IS_FOR_SALE = `p.archived_at IS NULL AND p.price_cents BETWEEN 0 AND ${MAX_AMOUNT}
  AND p.currency IN (${CURRENCIES.map((code) => `'${code}'`).join(', ')})`;

/**
 * Takes the units of all lines from stock, or of none, and writes the reservation, its lines, the
 * ledger and the events of low stock. It locks products in the order of their ids, then the
 * reservation, as all statements on reservations do: no two deadlock. A row of products is read as it
 * is when its lock is granted, so that stock, prices and shortages are those of that time.
 */
const RESERVE = `/* product.reserve */
WITH asked AS (
  SELECT product_id, quantity, event_id
  FROM unnest($2::uuid[], $3::int[], $4::uuid[]) AS a(product_id, quantity, event_id)
), locked AS MATERIALIZED (
  SELECT p.id, p.sku, p.name, p.price_cents, p.currency, p.stock, ${IS_FOR_SALE} AS is_for_sale
  FROM products p WHERE p.id = ANY($2::uuid[]) ORDER BY p.id FOR NO KEY UPDATE
), line AS MATERIALIZED (
  SELECT a.product_id, a.quantity, a.event_id, l.sku, l.name, l.price_cents, l.currency, l.stock,
    l.stock - a.quantity AS stock_left, coalesce(l.is_for_sale, false) AS is_for_sale
  FROM asked a LEFT JOIN locked l ON l.id = a.product_id
), placed AS (
  INSERT INTO reservations (order_id, expires_at, created_at, updated_at)
  SELECT $1::uuid, $5::timestamptz, now(), now()
  WHERE NOT EXISTS (SELECT FROM line WHERE NOT is_for_sale OR stock_left < 0)
  ON CONFLICT (order_id) DO NOTHING
  RETURNING order_id
), taken AS (
  UPDATE products p SET stock = p.stock - line.quantity,
    updated_at = ${changedAt('p.updated_at')}
  FROM line, placed WHERE p.id = line.product_id
), lines AS (
  INSERT INTO reservation_lines (order_id, product_id, quantity, sku, name, price_cents, currency)
  SELECT order_id, product_id, quantity, sku, name, price_cents, currency FROM line, placed
), moved AS (
  INSERT INTO stock_movements
    (product_id, kind, stock_delta, held_delta, order_id, actor, reason, created_at)
  SELECT product_id, 'RESERVED', -quantity, quantity, order_id, 'order', 'order placed', now()
  FROM line, placed ORDER BY product_id
), low AS (
  INSERT INTO events (id, envelope, created_at)
  SELECT ${lowStockEvent('$6', '$7')}
  FROM line, placed WHERE stock > $7::int AND stock_left <= $7::int ORDER BY product_id
)
SELECT product_id, quantity, sku, name, price_cents, currency, stock, is_for_sale,
  EXISTS (SELECT FROM placed) AS is_placed
FROM line ORDER BY product_id`;

/** A requested line: without a SKU when its product is unknown. */
export type ReservedRow = LineRow & {
  /** The units in stock, before any were taken. */
  readonly stock: number;
  readonly is_for_sale: boolean;
  /** Whether all lines were reserved. The same in each row. */
  readonly is_placed: boolean;
};

/**
 * Reserves all units, or none, unless the order has a reservation. One statement; false in `is_placed`
 * may also mean that another request has just reserved for the order.
 * @param units one entry for each product, in the order of product ids
 * @param lowStock the threshold at or below which a low stock event is written
 * @returns a row for each product, in that order
 */
export const reserveStock = async (
  connection: Connection,
  orderId: string,
  units: readonly Units[],
  expiresAt: Date,
  lowStock: number,
): Promise<readonly ReservedRow[]> => {
  const { rows } = await connection.query<ReservedRow>(RESERVE, [
    orderId,
    units.map(({ productId }) => productId),
    units.map(({ quantity }) => quantity),
    units.map(() => makeId()),
    expiresAt.toISOString(),
    makeLowStockEnvelope(),
    lowStock,
  ]);
  return rows;
};
