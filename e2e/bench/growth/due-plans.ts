import pg from 'pg';
import { withClient } from '../floor/open-floor.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';

/** How a sweeper finds its rows in one table. */
export type DuePlan = {
  readonly table: string;
  readonly index: string;
  readonly usesIndex: boolean;
};

/** Purchases write no rows to some tables. */
const FEW_ROWS = 100;

/** The condition and the order of `makeDueTable` in libs/due. */
const claimOf = (table: string): string =>
  `EXPLAIN SELECT 1 FROM ${pg.escapeIdentifier(table)}
   WHERE due_at <= now() AND dead_at IS NULL
   ORDER BY due_at LIMIT 4 FOR NO KEY UPDATE SKIP LOCKED`;

const explainAll = (url: string): Promise<readonly DuePlan[]> =>
  withClient(url, async (client) => {
    const { rows: indexes } = await client.query<{ table: string; index: string; size: number }>(
      `SELECT tablename AS table, indexname AS index,
         (SELECT reltuples FROM pg_class WHERE oid = to_regclass(quote_ident(tablename))) AS size
       FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE '%\\_due\\_idx' ORDER BY 1`,
    );
    const plans: DuePlan[] = [];
    for (const { table, index, size } of indexes) {
      // Of a table without rows, reading all of it is the best plan: could the index be used?
      await client.query(`SET enable_seqscan = ${size < FEW_ROWS ? 'off' : 'on'}`);
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(claimOf(table));
      const usesIndex = rows.some((row) => row['QUERY PLAN'].includes(index));
      plans.push({ table, index, usesIndex });
    }
    return plans;
  });

/** Explains the claim of each table that has a partial index of due rows. */
export const explainSweepers = async (shop: ProductionShop): Promise<readonly DuePlan[]> =>
  (await Promise.all(Object.values(shop.databaseUrls).map(explainAll))).flat();
