import { createHash } from 'node:crypto';

import pg from 'pg';

import type { Migration } from './migration-files.ts';

/** A row of Prisma's `_prisma_migrations`. */
export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of `migration.sql` as it was applied, in hex. */
  readonly checksum: string;
  readonly finished: boolean;
  /** The database's message when the migration failed. */
  readonly logs: string | null;
}

/** How the migrations directory and a database's history stand to each other. */
export interface MigrationStatus {
  /** In the directory, not in the database. */
  readonly pending: readonly string[];
  /** Applied from a script that has changed since. */
  readonly edited: readonly string[];
  /** Started and not finished: failed, or being applied by someone else right now. */
  readonly unfinished: readonly AppliedMigration[];
  /** In the database, not in the directory: a newer version of the code has been here. */
  readonly unknown: readonly string[];
}

/**
 * Reads a database's migration history, oldest first and without what was rolled back.
 * Empty when the database was never migrated. Throws the driver's error when it can't be read.
 */
export async function readHistory(databaseUrl: string): Promise<AppliedMigration[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: found } = await client.query<{ present: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
    );
    if (found[0]?.present !== true) {
      return [];
    }
    const { rows } = await client.query<AppliedMigration>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
         FROM _prisma_migrations
        WHERE rolled_back_at IS NULL
        ORDER BY started_at`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** Compares the migrations directory with a database's history; see {@link MigrationStatus}. */
export function compareHistory(
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
): MigrationStatus {
  const applied = new Map(history.map((row) => [row.name, row]));
  const local = new Set(migrations.map(({ name }) => name));
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    edited: migrations.filter((migration) => isEdited(migration, applied)).map(({ name }) => name),
    unfinished: history.filter(({ finished }) => !finished),
    unknown: history.filter(({ name }) => !local.has(name)).map(({ name }) => name),
  };
}

function isEdited({ name, sql }: Migration, applied: Map<string, AppliedMigration>): boolean {
  const row = applied.get(name);
  return row?.finished === true && !matchesChecksum(sql, row.checksum);
}

/** Line endings don't count, as in Prisma itself: git may check files out with either. */
function matchesChecksum(sql: string, checksum: string): boolean {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some((text) => sha256(text) === checksum);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
