import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { makeDatabasePool, type DatabaseConfig } from './make-database-pool.ts';
import { allowsPreparing, statementNameOf } from './statement-names.ts';

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
): { readonly adapter: PrismaPg } => ({
  adapter: new PrismaPg(pool, {
    disposeExternalPool: true,
    // pg prepares no statement whose name is empty.
    ...(allowsPreparing(config.databaseUrl) && {
      statementNameGenerator: ({ sql }) => statementNameOf(sql) ?? '',
    }),
  }),
});
