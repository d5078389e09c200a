import { PURGE_BATCH } from '@cartograph/jobs';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** Sessions of a batch: each takes its refresh tokens with it, up to thousands. */
const SESSION_BATCH = 100;

/** Rows of one kind that are deleted when they are old enough. */
export type Purge = {
  /** What is deleted, as a log says it. */
  readonly name: string;
  /** Rows of one statement. */
  readonly batch: number;
  /** Deletes up to `limit` rows, the oldest first. @returns how many */
  readonly deleteBatch: (limit: number) => Promise<number>;
};

/** Which rows are deleted: those whose time is over, by an index on it. */
type OldRows = {
  readonly table: string;
  readonly key: string;
  /** The column of the time that counts. */
  readonly endedAt: string;
  readonly before: Prisma.Sql;
};

/**
 * What is deleted of the user database by age. Each statement reads its rows from an index, and
 * leaves those that another process is deleting.
 * @param sessionRetentionMs how long a session is kept after it ended, or a refresh token. Revoked
 * sessions are read by the revocation feed: a day at least.
 */
export const makePurges = (database: Database, sessionRetentionMs: number): readonly Purge[] => {
  const cutoff = Prisma.sql`now() - make_interval(secs => ${sessionRetentionMs / 1_000}::float)`;
  const now = Prisma.sql`now()`;
  const nowMs = Prisma.sql`extract(epoch FROM now()) * 1000`;

  const purge = (name: string, batch: number, rows: OldRows): Purge => {
    // Identifiers are those below, never input.
    const [table, key, endedAt] = [rows.table, rows.key, rows.endedAt].map((id) => Prisma.raw(id));
    return {
      name,
      batch,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM ${table} WHERE ${key} IN (
          SELECT ${key} FROM ${table} WHERE ${endedAt} < ${rows.before}
          ORDER BY ${endedAt} LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    };
  };

  return [
    // A used token that comes again ends its session: it is kept as long as it would have lived.
    purge('refresh tokens', PURGE_BATCH, {
      table: 'refresh_tokens',
      key: 'hash',
      endedAt: 'expires_at',
      before: cutoff,
    }),
    purge('expired sessions', SESSION_BATCH, {
      table: 'sessions',
      key: 'id',
      endedAt: 'expires_at',
      before: cutoff,
    }),
    purge('revoked sessions', SESSION_BATCH, {
      table: 'sessions',
      key: 'id',
      endedAt: 'revoked_at',
      before: cutoff,
    }),
    purge('known addresses', PURGE_BATCH, {
      table: 'known_addresses',
      key: 'key',
      endedAt: 'expires_at',
      before: now,
    }),
    purge('attempt counts', PURGE_BATCH, {
      table: 'attempt_counts',
      key: 'key',
      endedAt: 'expire',
      before: nowMs,
    }),
  ];
};
