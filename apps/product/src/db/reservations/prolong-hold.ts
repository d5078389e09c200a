import type { Connection } from './rows.ts';

const PROLONG = `/* product.prolong */
UPDATE reservations SET expires_at = $2::timestamptz, updated_at = now()
WHERE order_id = $1::uuid AND status = 'HELD' AND expires_at < $2::timestamptz`;

/** Moves the end of a hold to `expiresAt`. @returns false when it ends later, or is not HELD */
export const prolongHold = async (
  connection: Connection,
  orderId: string,
  expiresAt: Date,
): Promise<boolean> => {
  const { rowCount } = await connection.query(PROLONG, [orderId, expiresAt.toISOString()]);
  return rowCount === 1;
};
