import { makeDatabasePool, prismaOptions, type DatabaseConfig } from '@cartograph/postgres';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.ts';

/** The payment service's own database, as Prisma has it. */
export type Database = PrismaClient;

/**
 * Opens the payment service's own database: with Prisma, and with the pool of connections that Prisma
 * uses.
 */
export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): {
  readonly database: Database;
  readonly pool: Pool;
  readonly close: () => Promise<void>;
} => {
  const pool = makeDatabasePool(config, onConnectionFailure);
  const database = new PrismaClient(prismaOptions(config, onConnectionFailure, pool));
  return {
    database,
    pool,
    close: async () => {
      await database.$disconnect();
      // Prisma ends the pool only if it has used it.
      if (!pool.ended) await pool.end();
    },
  };
};
