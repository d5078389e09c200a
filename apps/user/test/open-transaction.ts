import { expect } from 'vitest';
import { eventually, type TestDatabase } from '@cartograph/testing';
import { Client } from 'pg';

/** Opens a transaction on its own connection, which the test commits. */
export const openTransaction = async (database: TestDatabase) => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN');
  return {
    run: (sql: string, values: unknown[]) => client.query(sql, values),
    commit: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
};

/** Waits until a statement that contains this text waits for a lock. */
export const waitForLock = (database: TestDatabase, text: string): Promise<void> =>
  eventually(async () => {
    const rows = await database.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
      [`%${text}%`],
    );
    expect(rows).toHaveLength(1);
  });
