import type { Pool } from 'pg';
import { makeCancellablePool } from './make-cancellable-pool.ts';
import { allowsPreparing, statementNameOf } from './statement-names.ts';

/** Where a service's own database is, and how many connections it opens to it at most. */
export type DatabaseConfig = { readonly databaseUrl: string; readonly databasePoolSize: number };

/** Limits of one statement, by default none. All times are in milliseconds. */
export type StatementLimits = {
  /** The timeout of a statement, in the client and in the database. */
  readonly queryTimeoutMs?: number;
  /** How long a statement waits for a lock. */
  readonly lockTimeoutMs?: number;
};

type Query = (...query: readonly unknown[]) => Promise<unknown>;

/** Adds the name of its comment to a statement: `query(text, values)` or `query({ text, values })`. */
const withName = ([first, ...rest]: readonly unknown[]): readonly unknown[] => {
  if (typeof first === 'string') {
    const name = Array.isArray(rest[0]) ? statementNameOf(first) : undefined;
    return name === undefined
      ? [first, ...rest]
      : [{ name, text: first, values: rest[0] }, ...rest.slice(1)];
  }
  const { name, text } = (first ?? {}) as { name?: string; text?: unknown };
  if (name !== undefined || typeof text !== 'string') return [first, ...rest];
  return [{ ...(first as object), name: statementNameOf(text) }, ...rest];
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
  { queryTimeoutMs, lockTimeoutMs }: StatementLimits = {},
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
  if (!allowsPreparing(databaseUrl)) return pool;
  const query = pool.query.bind(pool) as unknown as Query;
  return Object.assign(pool, {
    query: ((...given) => query(...withName(given))) as Query as unknown as Pool['query'],
  });
};
