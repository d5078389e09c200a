import { makeTestDatabase, type TestDatabase } from '@cartograph/testing';
import { Pool } from 'pg';
import { makeIdempotencyStore } from '../src/make-idempotency-store.ts';

/** Opens the store of keys in a database of its own, which has the tables of the payment service. */
export const openStore = async () => {
  const database: TestDatabase = await makeTestDatabase('payment');
  const pool = new Pool({ connectionString: database.url });
  const store = makeIdempotencyStore(
    {
      $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) =>
        (await pool.query(sql, values)).rows as Rows,
      $executeRawUnsafe: async (sql, ...values) => (await pool.query(sql, values)).rowCount ?? 0,
    },
    'subject_id',
  );
  return {
    database,
    store,
    close: async (): Promise<void> => {
      await pool.end();
      await database.drop();
    },
  };
};
