import { makeCancellablePool } from '@cartograph/resilience';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** The service's own database. */
export type Database = PrismaClient;

/**
 * Makes the client of the database; it connects when it is first asked. What a request reads is
 * cancelled with it, transactions are not.
 * @param onConnectionFailure receives the error of a lost connection; the statement that used it fails too
 */
export const makeDatabase = (
  config: { databaseUrl: string; databasePoolSize: number },
  onConnectionFailure: (error: unknown) => void = () => {},
): Database =>
  new PrismaClient({
    adapter: new PrismaPg(
      makeCancellablePool(
        { connectionString: config.databaseUrl, max: config.databasePoolSize },
        onConnectionFailure,
      ),
      { disposeExternalPool: true },
    ),
  });
