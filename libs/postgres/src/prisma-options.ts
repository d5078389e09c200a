import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { makeDatabasePool, type DatabaseConfig } from './make-database-pool.ts';
import { allowsPreparing, statementNameOf } from './statement-names.ts';

/**
 * How long a transaction waits for a connection, and how long it may take, in milliseconds. It may wait
 * for others that have locked its rows: longer than Prisma's defaults of 2 s and 5 s.
 */
const TRANSACTION_TIMEOUTS = { maxWait: 10_000, timeout: 15_000 };

/** The options of a Prisma client that depend on the service's configuration. */
type PrismaOptions = {
  readonly adapter: PrismaPg;
  readonly transactionOptions: typeof TRANSACTION_TIMEOUTS;
};

/**
 * The options of a Prisma client that connects when it is first used. What a request reads is
 * cancelled with the request; transactions are not. Statements of `$queryRaw` that begin with a
 * comment like `product.list` are prepared once per connection, in transactions too.
 * @param onConnectionFailure receives the error of a lost connection; the statement that used it
 *   fails too
 * @param pool the connections to use, of makeDatabasePool; the client ends them when it disconnects
 */
export const prismaOptions = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
  pool: Pool = makeDatabasePool(config, onConnectionFailure),
): PrismaOptions => ({
  adapter: new PrismaPg(pool, {
    disposeExternalPool: true,
    // pg prepares no statement whose name is empty.
    ...(allowsPreparing(config.databaseUrl) && {
      statementNameGenerator: ({ sql }) => statementNameOf(sql) ?? '',
    }),
  }),
  transactionOptions: TRANSACTION_TIMEOUTS,
});
