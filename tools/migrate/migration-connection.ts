import { PrismaPg } from '@prisma/adapter-pg';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import pg from 'pg';

import { queryCatalogue } from './query-catalogue.ts';

/** The key that every Prisma migration tool locks, so that plain `prisma migrate` waits as well. */
const PRISMA_LOCK_KEY = 72_707_369;
const LOCK_TIMEOUT_MS = 300_000;

/** One connection to one database, in the form that the schema engine drives. */
export interface MigrationConnection {
  readonly adapter: SqlDriverAdapter;
  /**
   * Takes Prisma's advisory lock until `close`, waiting up to five minutes for another holder.
   * The engine takes the same lock but gives up after ten seconds, less than a migration may
   * take; locks of one connection nest, so that the engine then gets it at once.
   */
  lock(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects to a Postgres database for migrations.
 *
 * It is Prisma's adapter on a pool of one connection (the lock is the connection's, so all must
 * go through it), but for `executeScript`: Prisma's splits the text at every semicolon, also in
 * strings and function bodies, and runs the pieces without a transaction.
 */
export async function connectForMigrations(databaseUrl: string): Promise<MigrationConnection> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1, idleTimeoutMillis: 0 });
  const prisma = await new PrismaPg(pool).connect();
  let open = true;
  return {
    adapter: {
      provider: prisma.provider,
      adapterName: prisma.adapterName,
      queryRaw: (query) => queryCatalogue(pool, prisma, query),
      executeRaw: (query) => prisma.executeRaw(query),
      startTransaction: (level) => prisma.startTransaction(level),
      getConnectionInfo: () => prisma.getConnectionInfo(),
      executeScript: (script) => executeScript(pool, script),
      // The engine disposes of some adapters and not of others: `close` is the owner's.
      dispose: () => Promise.resolve(),
    },
    async lock() {
      await pool.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await pool.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK_KEY]).catch(explainLockTimeout);
      await pool.query('RESET lock_timeout');
    },
    async close() {
      if (open) {
        open = false;
        await pool.end();
      }
    },
  };
}

function explainLockTimeout(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '55P03') {
    throw new Error('someone else has been migrating this database for five minutes');
  }
  throw error;
}

/**
 * Runs a script as one simple query: Postgres itself finds the statements, and all of them are
 * one transaction unless the script says otherwise.
 */
async function executeScript(pool: pg.Pool, script: string): Promise<void> {
  try {
    await pool.query(script);
  } catch (error) {
    // A script with its own BEGIN leaves a failed transaction, in which nothing can be recorded.
    await pool.query('ROLLBACK').catch(() => undefined);
    throw error instanceof pg.DatabaseError ? toAdapterError(error, script) : error;
  }
}

function toAdapterError(error: pg.DatabaseError, script: string): DriverAdapterError {
  const line =
    error.position === undefined
      ? ''
      : ` (line ${script.slice(0, Number(error.position)).split('\n').length} of migration.sql)`;
  return new DriverAdapterError({
    kind: 'postgres',
    // Not its own code: for some, such as 23505, the engine leaves out what the message says.
    code: 'N/A',
    severity: error.severity ?? 'ERROR',
    message: `${error.message}${line}`,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  });
}
