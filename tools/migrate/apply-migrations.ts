import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, EXIT } from '@cartograph/command';
import pg from 'pg';
import type { ServiceName } from '../services.ts';
import { type Migration, readPrismaFiles } from './migration-files.ts';

/** The key that every Prisma migration tool locks, so that plain `prisma migrate` waits as well. */
const PRISMA_LOCK_KEY = 72_707_369;
const LOCK_TIMEOUT_MS = 300_000;
const LOCK_POLL_MS = 500;
const CONNECT_TIMEOUT_MS = 10_000;

/** As Prisma creates it. */
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/** A row of Prisma's `_prisma_migrations`. */
export interface AppliedMigration {
  readonly name: string;
  /** SHA-256 of `migration.sql` as it was applied, in hex. */
  readonly checksum: string;
  readonly finished: boolean;
  /** The database's message when the migration failed. */
  readonly logs: string | null;
}

/**
 * Compares the migrations directory with a database's history.
 * @returns `pending` migrations in order, names of those `edited` since they were applied, and those
 * that Prisma started and did not finish
 */
export const compareHistory = (
  migrations: readonly Migration[],
  history: readonly AppliedMigration[],
): { pending: Migration[]; edited: string[]; unfinished: AppliedMigration[] } => {
  const applied = new Map(history.map((row) => [row.name, row]));
  const isEdited = ({ name, sql }: Migration): boolean => {
    const row = applied.get(name);
    return row?.finished === true && !checksumsOf(sql).includes(row.checksum);
  };
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)),
    edited: migrations.filter(isEdited).map(({ name }) => name),
    unfinished: history.filter(({ finished }) => !finished),
  };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Line endings don't count, as in Prisma itself: git may check files out with either. */
const checksumsOf = (sql: string): string[] => {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].map(sha256);
};

/** Reads the history, oldest first and without what was rolled back. */
const readHistory = async (client: pg.Client): Promise<AppliedMigration[]> => {
  const { rows: found } = await client.query<{ name: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS name`,
  );
  if (!found[0]?.name) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
};

/** @throws when the history contradicts the directory, or is of a migration that failed */
const findPending = async (
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<Migration[]> => {
  const { pending, edited, unfinished } = compareHistory(migrations, await readHistory(client));
  if (edited.length > 0) throw new Error(`edited after it was applied: ${edited.join(', ')}`);
  const [failed] = unfinished;
  if (!failed) return pending;
  throw new Error(
    `migration ${failed.name} ${failed.logs ? `failed: ${failed.logs}` : 'was interrupted'}\n` +
      'Once its cause is gone, this lets it run again, as `prisma migrate resolve` would:\n' +
      `UPDATE _prisma_migrations SET rolled_back_at = now()` +
      ` WHERE migration_name = '${failed.name}' AND finished_at IS NULL;`,
  );
};

/**
 * Waits for Prisma's advisory lock, which ends with the connection. It polls: a statement that waits for the lock
 * has a snapshot, for which a `CREATE INDEX CONCURRENTLY` of the process with the lock would wait.
 */
const lockHistory = async (client: pg.Client): Promise<void> => {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS locked',
      [PRISMA_LOCK_KEY],
    );
    if (rows[0]?.locked) return;
    if (Date.now() > deadline) {
      throw new Error('another process has been migrating this database for five minutes');
    }
    await sleep(LOCK_POLL_MS);
  }
};

/**
 * Splits a migration that runs in no transaction: Postgres makes one of several statements that are sent together.
 * A statement ends with a semicolon at the end of a line. Line breaks before it are those of the whole text, for
 * the line numbers of errors.
 */
export const splitStatements = (sql: string): readonly string[] => {
  const statements: string[] = [];
  let text = '';
  let hasCode = false;
  for (const line of sql.split('\n')) {
    const code = line.replace(/--.*/, '').trim();
    text += `${line}\n`;
    hasCode ||= code !== '';
    if (!hasCode || !code.endsWith(';')) continue;
    statements.push(text);
    text = '\n'.repeat(text.split('\n').length - 1);
    hasCode = false;
  }
  return hasCode ? [...statements, text] : statements;
};

/** Runs a migration and records it, in one transaction where Postgres allows that. */
const apply = async (client: pg.Client, { name, sql }: Migration): Promise<void> => {
  const isTransaction = !/\bCONCURRENTLY\b/i.test(sql);
  // As one simple query, Postgres itself finds the statements, also beside function bodies.
  const texts = isTransaction ? [sql] : splitStatements(sql);
  let sent = '';
  if (isTransaction) await client.query('BEGIN');
  try {
    for (sent of texts) await client.query(sent);
    await client.query(
      `INSERT INTO _prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), 1)`,
      [randomUUID(), sha256(sql), name],
    );
    if (isTransaction) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    const { position, detail } = error as Partial<pg.DatabaseError>;
    const line = sent.slice(0, Number(position)).split('\n').length;
    const place = position ? ` (line ${line} of migration.sql)` : '';
    const more = detail ? `; ${detail}` : '';
    throw new Error(`migration ${name} failed: ${messageOf(error)}${place}${more}`, {
      cause: error,
    });
  }
};

/**
 * Applies a service's pending migrations, in order. Processes that migrate the same database wait
 * for each other. A migration that fails is rolled back, and later ones do not run.
 * @param target.prismaDir the repository's `prisma/` unless given
 * @returns the names of those applied
 * @throws CommandFailure with the service, the migration and the database's message; also when an
 * applied `migration.sql` was edited since, which plain `prisma migrate deploy` lets pass
 */
export const applyMigrations = async (target: {
  readonly service: ServiceName;
  readonly databaseUrl: string;
  readonly prismaDir?: string | undefined;
}): Promise<string[]> => {
  const { service, databaseUrl: connectionString, prismaDir } = target;
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks would otherwise end this process; the next query reports it.
  client.on('error', () => {});
  try {
    const { migrations } = await readPrismaFiles(service, prismaDir);
    await client.connect();
    if ((await findPending(client, migrations)).length === 0) return [];
    await lockHistory(client);
    await client.query(CREATE_HISTORY);
    const pending = await findPending(client, migrations);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  } catch (error) {
    throw new CommandFailure(EXIT.failed, `${service}: ${messageOf(error)}`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
};

/**
 * What an error says, in one string. A refused connection to a name with two addresses is an
 * AggregateError without a message of its own.
 */
export const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(messageOf).join('; ');
  }
  // By shape, not by class: errors of the schema engine may belong to another realm.
  return String((error as { message?: unknown } | null)?.message ?? error);
};
