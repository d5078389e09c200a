import { expect } from 'vitest';
import { makeTestDatabase } from '@cartograph/testing';
import { makePostgresReservationStore } from '../src/db/make-postgres-reservation-store.ts';
import { makeReservationPool } from '../src/db/make-database.ts';

/** The threshold of low stock in tests. */
export const LOW_STOCK = 5;

export const CAUSE = { actor: 'order', reason: 'order ended' };

export const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

/** Opens the store of reservations on a database of its own, with `connections` of them. */
export const openReservations = async (connections: number) => {
  const tests = await makeTestDatabase('product');
  const pool = makeReservationPool({ databaseUrl: tests.url, databasePoolSize: connections });
  return {
    pool,
    store: makePostgresReservationStore(pool, LOW_STOCK),
    query: tests.query,
    /** Adds products with this stock. @returns their ids, sorted */
    addProducts: async (stocks: readonly number[]): Promise<readonly string[]> => {
      const rows = await tests.query<{ id: string }>(
        `WITH added AS (
           INSERT INTO products (id, sku, name, description, category, price_cents, currency, stock,
             created_at, updated_at)
           SELECT gen_random_uuid(), gen_random_uuid(), 'A thing', '', 'things', 1999, 'EUR', stock,
             now(), now()
           FROM unnest($1::int[]) AS stock RETURNING id, stock
         ), moved AS (
           INSERT INTO stock_movements
             (product_id, kind, stock_delta, held_delta, actor, reason, created_at)
           SELECT id, 'ADJUSTED', stock, 0, 'test', 'created', now() FROM added WHERE stock <> 0
         )
         SELECT id FROM added ORDER BY id`,
        [stocks],
      );
      return rows.map(({ id }) => id);
    },
    readStock: async (id: string): Promise<number> => {
      const [row] = await tests.query<{ stock: number }>(
        'SELECT stock FROM products WHERE id = $1',
        [id],
      );
      return row?.stock ?? NaN;
    },
    /** Expects that stock and holds of every product are what the ledger says. */
    expectBalance: async (): Promise<void> => {
      const faults = await tests.query(
        `SELECT p.id, p.stock, held, sum(m.stock_delta) AS recorded, sum(m.held_delta) AS recorded_held
         FROM products p JOIN stock_movements m ON m.product_id = p.id
         CROSS JOIN LATERAL (
           SELECT coalesce(sum(l.quantity), 0) AS held
           FROM reservation_lines l JOIN reservations r USING (order_id)
           WHERE l.product_id = p.id AND r.status = 'HELD'
         ) AS holds
         GROUP BY p.id, held
         HAVING sum(m.stock_delta) <> p.stock OR sum(m.held_delta) <> held`,
      );
      expect(faults).toEqual([]);
    },
    close: async () => {
      await pool.end();
      await tests.drop();
    },
  };
};

export type OpenReservations = Awaited<ReturnType<typeof openReservations>>;
