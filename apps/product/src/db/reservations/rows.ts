import type { Pool, PoolClient } from 'pg';
import type { Reservation, ReservationLine, ReservationStatus } from '../../domain/reservation.ts';

/** What runs a statement: the pool, or a transaction's connection. */
export type Connection = Pick<Pool | PoolClient, 'query'>;

/** A row of reservation_lines. pg reads bigint as text. */
export type LineRow = {
  readonly product_id: string;
  readonly quantity: number;
  readonly sku: string;
  readonly name: string;
  readonly price_cents: string;
  readonly currency: string;
};

/** The columns of a LineRow. */
export const LINE_COLUMNS = 'product_id, quantity, sku, name, price_cents, currency';

const toLine = (row: LineRow): ReservationLine => ({
  productId: row.product_id,
  quantity: row.quantity,
  sku: row.sku,
  name: row.name,
  unitPrice: { amount: Number(row.price_cents), currency: row.currency },
});

/** @param lines in the order of product ids */
export const toReservation = (
  orderId: string,
  status: ReservationStatus,
  lines: readonly LineRow[],
): Reservation => ({ orderId, status, lines: lines.map(toLine) });
