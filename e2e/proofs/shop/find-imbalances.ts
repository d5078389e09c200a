import type { Shop } from './open-shop.ts';

/** Units of one product: what there is to order, what waits to be paid, what was sold. */
export type Units = {
  readonly id: string;
  readonly stock: number;
  readonly held: number;
  readonly sold: number;
};

/** The units of some products, in the order of their ids. */
export const readUnits = ({ databases }: Shop, ids: readonly string[]): Promise<Units[]> =>
  databases.product.query<Units>(
    `SELECT p.id, p.stock,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'HELD'), 0)::int AS held,
       coalesce(sum(l.quantity) FILTER (WHERE r.status = 'COMMITTED'), 0)::int AS sold
     FROM products p
     LEFT JOIN reservation_lines l ON l.product_id = p.id
     LEFT JOIN reservations r ON r.order_id = l.order_id
     WHERE p.id = ANY($1::uuid[]) GROUP BY p.id ORDER BY p.id`,
    [ids],
  );

/** The products whose stock, or held units, are not what the ledger says; all when none are named. */
export const findImbalances = ({ databases }: Shop, ids: readonly string[] | null = null) =>
  databases.product.query<{ id: string }>(
    `WITH ledger AS (
       SELECT product_id, sum(stock_delta) AS stock, sum(held_delta) AS held
       FROM stock_movements WHERE $1::uuid[] IS NULL OR product_id = ANY($1) GROUP BY product_id
     ), holds AS (
       SELECT product_id, sum(quantity) AS held
       FROM reservation_lines JOIN reservations USING (order_id)
       WHERE status = 'HELD' AND ($1::uuid[] IS NULL OR product_id = ANY($1)) GROUP BY product_id
     )
     SELECT p.id FROM products p
     LEFT JOIN ledger ON ledger.product_id = p.id
     LEFT JOIN holds ON holds.product_id = p.id
     WHERE ($1::uuid[] IS NULL OR p.id = ANY($1))
       AND (p.stock <> coalesce(ledger.stock, 0) OR coalesce(holds.held, 0) <> coalesce(ledger.held, 0)
         OR p.stock < 0)`,
    [ids],
  );

/** How often Postgres broke a deadlock, over the three databases. */
export const countDeadlocks = async ({ databases }: Shop): Promise<number> => {
  let count = 0;
  for (const database of Object.values(databases)) {
    const [row] = await database.query<{ deadlocks: number }>(
      `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
    );
    count += row?.deadlocks ?? 0;
  }
  return count;
};
