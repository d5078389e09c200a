import type { Pool } from 'pg';
import { makeCancellablePool } from './make-cancellable-pool.ts';
import { measurePool } from './measure-pool.ts';
import { traceQuery, type Query } from './trace-query.ts';
import { prepareNamed } from './prepare-named.ts';

/** Where a service's own database is, and how many connections it opens to it at most. */
export type DatabaseConfig = { readonly databaseUrl: string; readonly databasePoolSize: number };

/** Limits of one statement, by default none. All times are in milliseconds. */
export type StatementLimits = {
  /** Names the pool in metrics; `requests` by default. */
  readonly poolName?: string;
  /** The timeout of a statement, in the client and in the database. */
  readonly queryTimeoutMs?: number;
  /** How long a statement waits for a lock. */
  readonly lockTimeoutMs?: number;
};

/**
 * Makes a pool of connections to a service's own database. Its `query` is cancelled with the request
 * (see makeCancellablePool), and statements that begin with a comment like `product.reserve` are
 * prepared once per connection (see statementNameOf). Transactions (`pool.connect`) are neither.
 * @param onConnectionFailure receives the error of a lost connection; the statement that used it
 *   fails too
 */
export const makeDatabasePool = (
  { databaseUrl, databasePoolSize }: DatabaseConfig,
  onConnectionFailure: (error: unknown) => void = () => {},
  { poolName = 'requests', queryTimeoutMs, lockTimeoutMs }: StatementLimits = {},
): Pool => {
  const pool = makeCancellablePool(
    {
      connectionString: databaseUrl,
      max: databasePoolSize,
      ...(queryTimeoutMs !== undefined && {
        query_timeout: queryTimeoutMs,
        statement_timeout: queryTimeoutMs,
      }),
      ...(lockTimeoutMs !== undefined && { lock_timeout: lockTimeoutMs }),
    },
    onConnectionFailure,
  );
  const named = prepareNamed(measurePool(pool, poolName), databaseUrl);
  const query = named.query.bind(named) as unknown as Query;
  return Object.assign(named, {
    query: ((...given) => traceQuery(given, query)) as Query as unknown as Pool['query'],
  });
};
