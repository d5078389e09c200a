import { openPool } from '@cartograph/postgres';
import type { Pool, PoolClient } from 'pg';

/**
 * The publisher holds a lock on the outbox in one connection while it uses another. A schema change
 * between the two would wait for the first and block the second, without end. A statement that waits
 * for a lock for longer than this fails, and the round is repeated.
 */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * The connections that events are published and purged with.
 * @param onLost receives the error of a connection that was lost
 */
export const openEventPool = (
  databaseUrl: string,
  max: number,
  onLost: (error: Error) => void,
): Pool => openPool({ name: 'events', databaseUrl, max, lockTimeoutMs: LOCK_TIMEOUT_MS, onLost });

/**
 * Takes a lock until the end of the transaction, unless another process holds it.
 * @param name of what only one process at a time may do in this database
 */
export const tryLock = async (client: PoolClient, name: string): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
    [name],
  );
  return rows[0]?.taken ?? false;
};
