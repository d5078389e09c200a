import type { Shop } from './open-shop.ts';

/** Lets the time be over in which requests that hold stock should have made an order of it. */
export const endHoldTimes = ({ database }: Shop): Promise<object[]> =>
  database.query(
    "UPDATE stock_holds SET renewed_at = now() - interval '31 seconds' WHERE placed_at IS NULL",
  );
