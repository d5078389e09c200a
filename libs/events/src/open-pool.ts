import { Pool } from 'pg';

/**
 * Delivery holds a lock on the outbox while a carrier of its own waits for another. A change of the
 * table that comes between the two would wait for the first and hold up the second, for ever; what
 * waits for longer than this gives way, and delivery begins anew.
 */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * The connections that events are carried and consumed by.
 * @param onLost is told of a connection that is gone
 */
export const openPool = (
  databaseUrl: string,
  max: number,
  onLost: (error: Error) => void,
): Pool => {
  const pool = new Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: 5_000,
    lock_timeout: LOCK_TIMEOUT_MS,
  });
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', onLost));
  return pool;
};
