import { Pool } from 'pg';

/**
 * Delivery holds a lock on the outbox while a carrier of its own waits for another. A change of the
 * table that comes between the two would wait for the first and hold up the second, for ever; what
 * waits for longer than this gives way, and delivery begins anew.
 */
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Each statement takes moments. One that is not answered for so long never will be: its database, or
 * the way there, is gone, and nobody said so.
 */
const QUERY_TIMEOUT_MS = 30_000;

/**
 * A machine that is lost says no goodbye: the database would keep its transaction, and the lock with
 * which it delivers or consumes, for hours. It waits for longer than the slowest batch takes, which
 * is a hundred events of two seconds each at the broker.
 */
const IDLE_IN_TRANSACTION_MS = 5 * 60_000;

/** A connection that nobody uses is asked after by then; else the system does after two hours. */
const KEEP_ALIVE_AFTER_MS = 10_000;

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
    query_timeout: QUERY_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  });
  pool.on('error', onLost);
  pool.on('connect', (client) => client.on('error', onLost));
  return pool;
};
