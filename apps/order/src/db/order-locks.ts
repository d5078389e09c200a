import { ShopError } from '@cartograph/errors';
import type { OrderStatus } from '../domain/order.ts';
import type { Prisma } from './generated/client.ts';

/** Locks the row of an order: no other transaction changes its status until this one ends. */
export const lockOrder = async (
  tx: Prisma.TransactionClient,
  orderId: string,
): Promise<OrderStatus | null> => {
  const [row] = await tx.$queryRaw<{ status: OrderStatus }[]>`
    SELECT status::text FROM orders WHERE id = ${orderId}::uuid FOR UPDATE`;
  return row?.status ?? null;
};

/**
 * Makes the order's hold one that is not swept any more, and plans to look at the order. The lock on
 * the hold's row decides between this request and the sweep that takes it for dead.
 * @throws ShopError UNAVAILABLE when the sweep came first
 */
export const placeOrder = async (
  tx: Prisma.TransactionClient,
  orderId: string,
  resolveAt: Date,
): Promise<void> => {
  // One statement: every order comes here.
  const placed = await tx.$queryRaw<object[]>`
    WITH placed AS (
      UPDATE stock_holds SET placed_at = clock_timestamp()
      WHERE order_id = ${orderId}::uuid AND abandoned_at IS NULL
      RETURNING order_id::text AS id
    )
    SELECT job.id::text FROM placed, graphile_worker.add_job(
      identifier => 'resolve_order',
      payload => json_build_object('orderId', placed.id),
      run_at => ${resolveAt}::timestamptz
    ) AS job`;
  if (placed.length === 0) {
    throw new ShopError('UNAVAILABLE', 'The order took too long; send it again.');
  }
};
