import { prismaOptions, type DatabaseConfig } from '@cartograph/postgres';
import { PrismaClient } from './generated/client.ts';

/** The payment service's own database. */
export type Database = PrismaClient;

export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): Database =>
  new PrismaClient({
    ...prismaOptions(config, onConnectionFailure),
    // Under load a transaction waits for a connection; the caller's timeout is shorter.
    transactionOptions: { maxWait: 10_000, timeout: 10_000 },
  });
