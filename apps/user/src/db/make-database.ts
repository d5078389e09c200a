import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

/** The service's own database. */
export type Database = PrismaClient;

/** Makes the client of the database; it connects when it is first asked. */
export const makeDatabase = (config: { databaseUrl: string; databasePoolSize: number }): Database =>
  new PrismaClient({
    adapter: new PrismaPg({
      connectionString: config.databaseUrl,
      max: config.databasePoolSize,
      connectionTimeoutMillis: 10_000,
    }),
  });
