import type { Sandbox } from './open-sandbox.ts';

/** Moves the time until which orders are reserved into the past. */
export const expireOrders = async (
  sandbox: Sandbox,
  ids: readonly string[],
  agoMs: number,
): Promise<void> => {
  await sandbox.databases.order.query(
    `UPDATE orders SET reserved_until = now() - make_interval(secs => $2)
     WHERE id = ANY($1::uuid[])`,
    [ids, agoMs / 1_000],
  );
};

/** Ends the holds of these orders, or of all orders of these products. */
export const expireHolds = async (
  { databases }: Sandbox,
  of: { readonly orders?: readonly string[]; readonly products?: readonly string[] },
): Promise<void> => {
  await databases.product.query(
    `UPDATE reservations SET expires_at = now() WHERE status = 'HELD' AND order_id IN (
       SELECT order_id FROM reservation_lines
       WHERE product_id = ANY($1::uuid[]) OR order_id = ANY($2::uuid[]))`,
    [of.products ?? [], of.orders ?? []],
  );
};

/** Makes the simulator settle now what it was to settle later. @param orderId all orders if empty */
export const settleCharges = async ({ databases }: Sandbox, orderId = ''): Promise<void> => {
  for (const time of ['succeeds_at', 'declines_at']) {
    await databases.payment.query(
      `UPDATE simulator_charges SET ${time} = now()
       WHERE ${time} > now() AND starts_with(idempotency_key, $1)`,
      [orderId],
    );
  }
};
