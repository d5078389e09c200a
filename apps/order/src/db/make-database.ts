import {
  makeDatabasePool,
  prismaOptions,
  readRows,
  type DatabaseConfig,
  type Statement,
} from '@cartograph/postgres';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/client.ts';

/**
 * The service's own database: single statements, and Prisma for what is rare. Both use the same
 * connections.
 */
export type Database = {
  readonly prisma: PrismaClient;
  /**
   * Runs one statement; `Prisma.sql` makes one.
   * @returns its rows: see readRows
   */
  readonly run: <Row extends object>(statement: Statement) => Promise<readonly Row[]>;
  /** As Prisma's methods of these names. */
  readonly raw: {
    readonly $queryRawUnsafe: <Rows>(sql: string, ...values: unknown[]) => Promise<Rows>;
    readonly $executeRawUnsafe: (sql: string, ...values: unknown[]) => Promise<number>;
  };
  readonly close: () => Promise<void>;
};

/** Makes the client of the service's database; see prismaOptions and makeDatabasePool. */
export const makeDatabase = (
  config: DatabaseConfig,
  onConnectionFailure?: (error: unknown) => void,
): Database => {
  const pool: Pool = makeDatabasePool(config, onConnectionFailure);
  const prisma = new PrismaClient(prismaOptions(config, onConnectionFailure, pool));
  return {
    prisma,
    run: (statement) => readRows(pool, statement),
    raw: {
      $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) =>
        (await pool.query(sql, values)).rows as Rows,
      $executeRawUnsafe: async (sql, ...values) => (await pool.query(sql, values)).rowCount ?? 0,
    },
    close: async () => {
      await prisma.$disconnect();
      // Prisma ends the pool only if it has used it.
      await pool.end();
    },
  };
};
