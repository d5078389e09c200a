import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { measurePool } from './measure-pool.ts';
import { prepareNamed } from './prepare-named.ts';

/**
 * When an idle connection is probed. Without probes, the system would notice the loss of a machine
 * after two hours.
 */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** The options of every connection to Postgres. */
export const KEEP_ALIVE = {
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
} as const;

/** A reachable database accepts a connection within this time. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Statements take milliseconds. One without a result after this time will not get one: the database
 * is unreachable.
 */
const QUERY_TIMEOUT_MS = 30_000;

/**
 * Postgres would hold the locks of a lost machine's transaction for hours. Longer than the slowest work
 * in a transaction: publishing events to a broker, for a minute and the timeouts of the last event.
 */
const IDLE_IN_TRANSACTION_MS = 5 * 60_000;

/** How a pool of connections differs from others. All times are in milliseconds. */
export type PoolOptions = {
  /** Names it in metrics, among the pools of its process. */
  readonly name: string;
  readonly databaseUrl: string;
  /** How many connections it opens at most. */
  readonly max: number;
  readonly connectTimeoutMs?: number;
  /** The timeout of a statement, in the client and in the database. */
  readonly queryTimeoutMs?: number;
  /** How long a statement waits for a lock; `queryTimeoutMs` by default. */
  readonly lockTimeoutMs?: number;
  /**
   * Receives the error of a lost connection, idle or in use. Without a listener it would end the
   * process.
   */
  readonly onLost: (error: Error) => void;
};

/** How often a pool that is ending checks for callers that wait for a connection. */
const WAITING_CHECK_MS = 10;

/**
 * Makes a pool end only when no caller waits for a connection, and once: Prisma ends the pool below it
 * only if it was used. pg's own `end` leaves waiting callers without a connection until their timeout,
 * and fails when it is called again.
 */
export const endAfterWaiting = (pool: Pool): Pool => {
  const end = pool.end.bind(pool);
  const endLater = async (): Promise<void> => {
    while (pool.waitingCount > 0) await sleep(WAITING_CHECK_MS);
    await end();
  };
  let ending: Promise<void> | null = null;
  return Object.assign(pool, { end: () => (ending ??= endLater()) });
};

/**
 * Opens a pool for background work: every wait has a timeout, and losing the database does not end the
 * process. Its `query` prepares statements that begin with a comment like `events.publish`.
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
  return prepareNamed(measurePool(endAfterWaiting(pool), options.name), options.databaseUrl);
};
