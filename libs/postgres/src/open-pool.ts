import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';

/**
 * A connection that nobody uses is probed by then: a machine that is lost says no goodbye, and the
 * system would notice after two hours.
 */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** What every connection to Postgres has, whoever opens it. */
export const KEEP_ALIVE = {
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
} as const;

/** No new connection takes longer where the database is there at all. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Each statement takes moments. One that is not answered for so long never will be: its database, or
 * the way there, is gone, and nobody said so.
 */
const QUERY_TIMEOUT_MS = 30_000;

/**
 * The database would keep the transaction of a machine that is lost, and its locks, for hours. It waits
 * for longer than the slowest work in a transaction takes: a hundred events of two seconds each.
 */
const IDLE_IN_TRANSACTION_MS = 5 * 60_000;

/** How a pool of connections differs from others. All times are in milliseconds. */
export type PoolOptions = {
  readonly databaseUrl: string;
  /** How many connections it opens at most. */
  readonly max: number;
  readonly connectTimeoutMs?: number;
  /** For how long a statement is waited for, here and in the database. */
  readonly queryTimeoutMs?: number;
  /** For how long a statement waits for a lock; for as long as for its end, if not given. */
  readonly lockTimeoutMs?: number;
  /**
   * Is told of a connection that is lost while nobody waits for it, in the pool or in somebody's hands.
   * Unheard, such an error ends the process.
   */
  readonly onLost: (error: Error) => void;
};

/** How often a pool that is to end looks whether somebody waits for a connection of it. */
const WAITING_CHECK_MS = 10;

/**
 * pg's pool serves nobody who waits for a connection once it is told to end: they fail when their time
 * is over, long after whoever asked has gone, and nobody hears them. So it is told when nobody waits.
 */
export const endAfterWaiting = (pool: Pool): Pool => {
  const end = pool.end.bind(pool);
  const endLater = async (): Promise<void> => {
    while (pool.waitingCount > 0) await sleep(WAITING_CHECK_MS);
    await end();
  };
  return Object.assign(pool, { end: endLater });
};

/**
 * Opens the connections of work that no request waits for: nothing on them waits without end, and
 * losing the database ends no process.
 */
export const openPool = (options: PoolOptions): Pool => {
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, queryTimeoutMs = QUERY_TIMEOUT_MS } = options;
  const pool = new Pool({
    connectionString: options.databaseUrl,
    max: options.max,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    statement_timeout: queryTimeoutMs,
    ...(options.lockTimeoutMs !== undefined && { lock_timeout: options.lockTimeoutMs }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    ...KEEP_ALIVE,
  });
  pool.on('error', options.onLost);
  pool.on('connect', (client) => client.on('error', options.onLost));
  return endAfterWaiting(pool);
};
