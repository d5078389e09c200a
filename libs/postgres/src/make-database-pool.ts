import type { Pool } from 'pg';
import { makeCancellablePool } from './make-cancellable-pool.ts';
import { measurePool } from './measure-pool.ts';
import { traceQuery, type Query } from './trace-query.ts';
import { prepareNamed } from './prepare-named.ts';

/** Where a service's own database is, and how many connections it opens to it at most. */
export type DatabaseConfig = { readonly databaseUrl: string; readonly databasePoolSize: number };

/**
 * How long a statement waits for a lock: less than a transaction of a request may take (see
 * prismaOptions). One that waits holds a connection which other requests need.
 */
const LOCK_TIMEOUT_MS = 10_000;

/**
 * Postgres would hold the locks of a process that was suspended, or lost its machine, for hours. Twice as
 * long as a transaction of a request may take; its statements follow each other at once.
 */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** Limits of one statement. All times are in milliseconds. */
export type StatementLimits = {
  /** Names the pool in metrics; `requests` by default. */
  readonly poolName?: string;
  /** The timeout of a statement, in the client and in the database; by default none. */
  readonly queryTimeoutMs?: number;
  /** How long a statement waits for a lock; ten seconds by default. */
  readonly lockTimeoutMs?: number;
};

/**
 * Those settings that the address does not make itself, in `?options=-c lock_timeout=5s`: Postgres would
 * prefer these.
 */
const withoutGiven = (
  databaseUrl: string,
  settings: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> => {
  const options = new URL(databaseUrl).searchParams.get('options') ?? '';
  // It is `-c lock_timeout=5s`, `-clock_timeout=5s` or `--lock-timeout=5s`.
  const given = options.toLowerCase().replaceAll('-', '_');
  const isGiven = (name: string): boolean =>
    new RegExp(`(?:^|\\s)_(?:c\\s*|_)${name}\\s*=`).test(given);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isGiven(name)));
};

/**
 * Makes a pool of connections to a service's own database. Its `query` is cancelled with the request
 * (see makeCancellablePool), and statements that begin with a comment like `product.reserve` are
 * prepared once per connection (see statementNameOf). Transactions (`pool.connect`) are neither. Postgres
 * ends a wait for a lock, and a transaction whose process stalls: no process can hold the others up.
 * @param onConnectionFailure receives the error of a lost connection; the statement that used it
 *   fails too
 */
export const makeDatabasePool = (
  { databaseUrl, databasePoolSize }: DatabaseConfig,
  onConnectionFailure: (error: unknown) => void = () => {},
  { poolName = 'requests', queryTimeoutMs, lockTimeoutMs = LOCK_TIMEOUT_MS }: StatementLimits = {},
): Pool => {
  const pool = makeCancellablePool(
    {
      connectionString: databaseUrl,
      max: databasePoolSize,
      ...(queryTimeoutMs !== undefined && {
        query_timeout: queryTimeoutMs,
        statement_timeout: queryTimeoutMs,
      }),
      ...withoutGiven(databaseUrl, {
        lock_timeout: lockTimeoutMs,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      }),
    },
    onConnectionFailure,
  );
  const named = prepareNamed(measurePool(pool, poolName), databaseUrl);
  const query = named.query.bind(named) as unknown as Query;
  return Object.assign(named, {
    query: ((...given) => traceQuery(given, query)) as Query as unknown as Pool['query'],
  });
};
