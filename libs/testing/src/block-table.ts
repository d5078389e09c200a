import { Client } from 'pg';
import { eventually } from './eventually.ts';
import type { TestDatabase } from './make-test-database.ts';

/** A table that no other connection can read or change until it is released. */
export type BlockedTable = {
  /** Resolves when so many statements wait for the table, without those of sweepers. */
  readonly untilWaiting: (count: number) => Promise<void>;
  readonly release: () => Promise<void>;
};

/** Locks a table, as a migration that hangs does: statements wait until the test releases it. */
export const blockTable = async (database: TestDatabase, table: string): Promise<BlockedTable> => {
  const holder = new Client(database.url);
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  return {
    untilWaiting: (count) =>
      eventually(async () => {
        const [row] = await database.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_stat_activity
           WHERE datname = current_database() AND wait_event_type = 'Lock'
             AND query NOT LIKE '/* due.%'`,
        );
        if (row?.count !== count) throw new Error(`${row?.count} statements wait, not ${count}`);
      }),
    release: async () => {
      await holder.query('ROLLBACK');
      await holder.end();
    },
  };
};
