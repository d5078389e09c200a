import { makeDatabasePool, prismaOptions, type DatabaseConfig } from '@cartograph/postgres';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.ts';

/** The service's own database: Prisma, and the pool below it for what most requests read. */
export type Database = {
  readonly prisma: PrismaClient;
  readonly pool: Pool;
  readonly close: () => Promise<void>;
};

/** Makes the client of the service's database; see prismaOptions and makeDatabasePool. */
export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): Database => {
  const pool = makeDatabasePool(config, onConnectionFailure);
  const prisma = new PrismaClient(prismaOptions(config, onConnectionFailure, pool));
  return {
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect();
      // Prisma ends the pool only if it has used it.
      await pool.end();
    },
  };
};
