import type { Pool, PoolClient } from 'pg';

/** Does something in one transaction. It is rolled back when that throws. */
export const inTransaction = async <Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> => {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    // A connection that can't even roll back is of no use to the next one.
    client.release(broken);
  }
};

/**
 * Takes a lock that ends with the transaction, if nobody else has it.
 * @param name of what no two processes may do at once in this database
 */
export const tryLock = async (client: PoolClient, name: string): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
    [name],
  );
  return rows[0]?.taken ?? false;
};
