import type { HoldStore, HoldClaim } from '../domain/stock-hold.ts';
import { ABANDON_AFTER_MS } from '../domain/order-times.ts';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** Stores holds in the order database. */
export const makePrismaHoldStore = (database: Database): HoldStore => ({
  claimHold: async ({ orderId, userId, address, units }, limits) => {
    const [row] = await database.run<HoldClaim>(Prisma.sql`/* hold.claim */
      SELECT verdict, oldest FROM claim_stock_hold(
        ${orderId}::uuid, ${userId}::uuid, ${address}::text, ${units}::int,
        ${limits.ordersPerAccount}::int, ${limits.unitsPerAccount}::int,
        ${limits.unitsPerAddress}::int
      )`);
    if (!row) throw new Error('claim_stock_hold returned no row');
    return row;
  },

  removeHold: async (orderId) => {
    await database.prisma.stockHold.deleteMany({ where: { orderId } });
  },

  abandonHolds: async (limit, skipped) => {
    // A request that is creating its order has locked its row: SKIP LOCKED leaves it alone.
    const rows = await database.run<{ orderId: string }>(Prisma.sql`/* hold.abandon */
      WITH stale AS (
        SELECT order_id FROM stock_holds
        WHERE placed_at IS NULL
          AND (abandoned_at IS NOT NULL
            OR renewed_at < clock_timestamp() - make_interval(secs => ${ABANDON_AFTER_MS / 1_000}::float8))
          AND order_id <> ALL (${[...skipped]}::uuid[])
        ORDER BY renewed_at LIMIT ${limit}
        FOR UPDATE SKIP LOCKED
      ), abandoned AS (
        UPDATE stock_holds SET abandoned_at = coalesce(abandoned_at, clock_timestamp())
        FROM stale WHERE stock_holds.order_id = stale.order_id
        RETURNING stock_holds.order_id, user_id
      ), freed AS (
        -- A repeat of the request starts again, with a new order.
        DELETE FROM idempotency_keys USING abandoned
        WHERE idempotency_keys.user_id = abandoned.user_id AND operation = 'createOrder'
          AND idempotency_keys.order_id = abandoned.order_id AND response IS NULL
      )
      SELECT order_id::text AS "orderId" FROM abandoned`);
    return rows.map((row) => row.orderId);
  },
});
