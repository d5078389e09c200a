import { makeDatabasePool, prismaOptions, type DatabaseConfig } from '@cartograph/postgres';
import type { Pool } from 'pg';
import { PrismaClient, type Prisma } from './generated/client.ts';

/**
 * The service's own database: Prisma for lists, and single statements for purchases. Both use the same
 * connections.
 */
export type Database = {
  readonly prisma: PrismaClient;
  /**
   * Runs one statement. It costs the process half of what Prisma's `$queryRaw` does.
   * @returns its rows, as pg reads them: a bigint is a text
   */
  readonly run: <Row extends object>(statement: Prisma.Sql) => Promise<readonly Row[]>;
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
    run: async <Row extends object>({ text, values }: Prisma.Sql) =>
      (await pool.query<Row>(text, values)).rows,
    raw: {
      $queryRawUnsafe: async <Rows>(sql: string, ...values: unknown[]) =>
        (await pool.query(sql, values)).rows as Rows,
      $executeRawUnsafe: async (sql, ...values) => (await pool.query(sql, values)).rowCount ?? 0,
    },
    close: () => prisma.$disconnect(),
  };
};
