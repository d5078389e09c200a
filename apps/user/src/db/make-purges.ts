import { PURGE_BATCH } from '@cartograph/jobs';
import { Prisma } from './generated/client.ts';
import type { Database } from './make-database.ts';

/** Sessions of a batch: each is deleted with its refresh tokens, up to thousands. */
const SESSION_BATCH = 100;

/** Rows of one kind that are deleted when they are old enough. */
export type Purge = {
  /** What is deleted, for the log. */
  readonly name: string;
  /** Rows of one statement. */
  readonly batch: number;
  /** Deletes up to `limit` rows, the oldest first. @returns how many */
  readonly deleteBatch: (limit: number) => Promise<number>;
};

/** Which rows are deleted: those whose `endedAt` is before a time. The column has an index. */
type OldRows = {
  readonly table: string;
  readonly key: string;
  readonly endedAt: string;
  readonly before: Prisma.Sql;
  /** A further condition. */
  readonly and?: Prisma.Sql;
};

/**
 * What is deleted from the user database by age. Each statement reads its rows from an index, and
 * skips those that another process is deleting.
 * @param sessionRetentionMs how long an ended session or refresh token is stored: at least a day,
 * because the revocation feed reads revoked sessions
 */
export const makePurges = ({ prisma }: Database, sessionRetentionMs: number): readonly Purge[] => {
  const cutoff = Prisma.sql`now() - make_interval(secs => ${sessionRetentionMs / 1_000}::float)`;
  const now = Prisma.sql`now()`;
  const nowMs = Prisma.sql`extract(epoch FROM now()) * 1000`;

  const purge = (name: string, batch: number, rows: OldRows): Purge => {
    // The identifiers are the constants below, never input.
    const [table, key, endedAt] = [rows.table, rows.key, rows.endedAt].map((id) => Prisma.raw(id));
    return {
      name,
      batch,
      deleteBatch: (limit) => prisma.$executeRaw`
        DELETE FROM ${table} WHERE ${key} IN (
          SELECT ${key} FROM ${table} WHERE ${endedAt} < ${rows.before} ${rows.and ?? Prisma.empty}
          ORDER BY ${endedAt} LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    };
  };
  const sessions = { table: 'sessions', key: 'id', before: cutoff };

  return [
    // A session has one unused token, its last: when that has expired, the session can't be refreshed,
    // and a day later its access tokens have expired too.
    {
      name: 'idle sessions',
      batch: SESSION_BATCH,
      deleteBatch: (limit) => prisma.$executeRaw`
        DELETE FROM sessions WHERE id IN (
          SELECT id FROM sessions WHERE id IN (
            SELECT session_id FROM refresh_tokens WHERE expires_at < ${cutoff} AND used_at IS NULL
            ORDER BY expires_at LIMIT ${limit})
          FOR UPDATE SKIP LOCKED)`,
    },
    // Reuse of a token revokes its session, so used tokens are stored as long as unused ones, which are
    // deleted with their session.
    purge('refresh tokens', PURGE_BATCH, {
      table: 'refresh_tokens',
      key: 'hash',
      endedAt: 'expires_at',
      before: cutoff,
      and: Prisma.sql`AND used_at IS NOT NULL`,
    }),
    purge('expired sessions', SESSION_BATCH, { ...sessions, endedAt: 'expires_at' }),
    purge('revoked sessions', SESSION_BATCH, { ...sessions, endedAt: 'revoked_at' }),
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
