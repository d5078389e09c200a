import { inTransaction } from '@cartograph/postgres';
import type { Pool } from 'pg';
import type { Units } from '../../domain/reservation.ts';
import { reserveStock, type ReservedRow } from './reserve-stock.ts';

/** Rolls the transaction back, and carries why nothing was reserved to the caller. */
class NotReserved extends Error {
  readonly rows: readonly ReservedRow[];

  constructor(rows: readonly ReservedRow[]) {
    super('nothing was reserved');
    this.rows = rows;
  }
}

/**
 * Reserves again for an order whose reservation was released and is not closed: in place of the old
 * one, whose ledger stays. The products are locked first, as in every statement.
 * @returns as reserveStock; an empty list when the reservation has just changed
 */
export const reopenReservation = async (
  pool: Pool,
  orderId: string,
  units: readonly Units[],
  expiresAt: Date,
  lowStock: number,
): Promise<readonly ReservedRow[]> => {
  const reopen = inTransaction(pool, async (client) => {
    await client.query(
      'SELECT id FROM products WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
      [units.map(({ productId }) => productId)],
    );
    const { rowCount: released } = await client.query(
      `SELECT order_id FROM reservations
       WHERE order_id = $1 AND status = 'RELEASED' AND refused_at IS NULL FOR UPDATE`,
      [orderId],
    );
    if (released === 0) return [];
    await client.query('DELETE FROM reservation_lines WHERE order_id = $1', [orderId]);
    await client.query('DELETE FROM reservations WHERE order_id = $1', [orderId]);
    const rows = await reserveStock(client, orderId, units, expiresAt, lowStock);
    if (rows.some((row) => !row.is_placed)) throw new NotReserved(rows);
    return rows;
  });
  return reopen.catch((error: unknown) => {
    if (error instanceof NotReserved) return error.rows;
    throw error;
  });
};
