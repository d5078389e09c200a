import type { Reservation, ReservationStatus } from '../../domain/reservation.ts';
import { LINE_COLUMNS, toReservation, type Connection, type LineRow } from './rows.ts';

const READ = `/* product.read_reservation */
SELECT status, expires_at, refused_at IS NOT NULL AS is_closed, ${LINE_COLUMNS}
FROM reservations LEFT JOIN reservation_lines USING (order_id)
WHERE order_id = $1::uuid ORDER BY product_id`;

/** A reservation as it is stored. */
export type StoredReservation = Reservation & {
  readonly expiresAt: Date;
  /** Whether no stock is taken for its order again. */
  readonly isClosed: boolean;
};

type Row = {
  readonly status: ReservationStatus;
  readonly expires_at: Date;
  readonly is_closed: boolean;
} & (LineRow | { readonly product_id: null });

/** @returns null for an order without a reservation */
export const readReservation = async (
  connection: Connection,
  orderId: string,
): Promise<StoredReservation | null> => {
  const { rows } = await connection.query<Row>(READ, [orderId]);
  const [first] = rows;
  if (!first) return null;
  const lines = rows.filter((row) => row.product_id !== null);
  const { status, expires_at: expiresAt, is_closed: isClosed } = first;
  return { ...toReservation(orderId, status, lines), expiresAt, isClosed };
};
