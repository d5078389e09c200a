import { PrismaPg } from '@prisma/adapter-pg';
import { makeCancellablePool } from './make-cancellable-pool.ts';

/** Where a service's own database is, and how many connections it opens to it at most. */
export type DatabaseConfig = { readonly databaseUrl: string; readonly databasePoolSize: number };

/**
 * The options of a Prisma client that connects when it is first used. What a request reads is
 * cancelled with the request; transactions are not.
 * @param onConnectionFailure receives the error of a lost connection; the statement that used it
 *   fails too
 */
export const prismaOptions = (
  config: DatabaseConfig,
  onConnectionFailure: (error: unknown) => void = () => {},
): { readonly adapter: PrismaPg } => ({
  adapter: new PrismaPg(
    makeCancellablePool(
      { connectionString: config.databaseUrl, max: config.databasePoolSize },
      onConnectionFailure,
    ),
    { disposeExternalPool: true },
  ),
});
