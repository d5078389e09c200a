import {
  makeDatabasePool,
  prismaOptions,
  type DatabaseConfig,
  type StatementLimits,
} from '@cartograph/postgres';
import type { Pool } from 'pg';
import { PrismaClient, type Prisma } from './generated/client.ts';

/** The service's own database. */
export type Database = PrismaClient;

export type Transaction = Prisma.TransactionClient;

/** Makes the client of the service's database for a command; see prismaOptions. */
export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
  limits?: StatementLimits,
): Database => {
  const pool = makeDatabasePool(config, onConnectionFailure, limits);
  return new PrismaClient(prismaOptions(config, onConnectionFailure, pool));
};

/**
 * The connections of the catalogue: Prisma's client, and the pool below it, for reads that pages
 * consist of. Prisma would take more CPU for them than the rest of the service.
 */
export type CatalogueDatabase = { readonly database: Database; readonly pool: Pool };

/** Opens the catalogue; closeCatalogue closes it. */
export const openCatalogue = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): CatalogueDatabase => {
  const pool = makeDatabasePool(config, onConnectionFailure);
  return { database: new PrismaClient(prismaOptions(config, onConnectionFailure, pool)), pool };
};

/** Closes all connections. Prisma would leave those of the pool open if it was never used itself. */
export const closeCatalogue = async ({ database, pool }: CatalogueDatabase): Promise<void> => {
  await database.$disconnect();
  await pool.end();
};

/** As the timeouts of transactions, for statements: one waits for contended rows, not for ever. */
const STATEMENT_LIMITS = {
  poolName: 'reservations',
  queryTimeoutMs: 15_000,
  lockTimeoutMs: 10_000,
};

/** Makes the pool of reservations, whose statements are written by hand; see makeDatabasePool. */
export const makeReservationPool = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): Pool => makeDatabasePool(config, onConnectionFailure, STATEMENT_LIMITS);
