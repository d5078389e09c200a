import type { TestDatabase } from '@cartograph/testing';
import { Client } from 'pg';

/** Ends all connections to a database, and accepts no new ones, as when Postgres is down. */
export const loseDatabase = async (
  database: TestDatabase,
): Promise<{ end: () => Promise<void> }> => {
  const url = new URL(database.url);
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const admin = new Client(url.href);
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    name,
  ]);
  return {
    end: async () => {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await admin.end();
    },
  };
};
