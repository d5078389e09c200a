import { prismaOptions, type DatabaseConfig } from '@cartograph/postgres';
import { PrismaClient } from './generated/client.ts';

/** The service's own database. */
export type Database = PrismaClient;

/** Makes the client of the service's database; see prismaOptions. */
export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): Database =>
  new PrismaClient({
    ...prismaOptions(config, onConnectionFailure),
    // Transactions wait for a connection as long as single statements do.
    transactionOptions: { maxWait: 5_000, timeout: 10_000 },
  });
