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

/**
 * What is deleted of the user database by age. Each statement reads its rows from an index, and
 * leaves those that another process is deleting.
 * @param sessionRetentionMs how long a session is kept after it ended, or a refresh token. Revoked
 * sessions are read by the revocation feed: a day at least.
 */
export const makePurges = (database: Database, sessionRetentionMs: number): readonly Purge[] => {
  const cutoff = Prisma.sql`now() - make_interval(secs => ${sessionRetentionMs / 1_000}::float)`;
  return [
    {
      // A used token that comes again ends its session: it is kept as long as it would have lived.
      name: 'refresh tokens',
      batch: PURGE_BATCH,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM refresh_tokens WHERE hash IN (
          SELECT hash FROM refresh_tokens WHERE expires_at < ${cutoff}
          ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    },
    {
      name: 'expired sessions',
      batch: SESSION_BATCH,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM sessions WHERE id IN (
          SELECT id FROM sessions WHERE expires_at < ${cutoff}
          ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    },
    {
      name: 'revoked sessions',
      batch: SESSION_BATCH,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM sessions WHERE id IN (
          SELECT id FROM sessions WHERE revoked_at < ${cutoff}
          ORDER BY revoked_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    },
    {
      name: 'known addresses',
      batch: PURGE_BATCH,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM known_addresses WHERE key IN (
          SELECT key FROM known_addresses WHERE expires_at < now()
          ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    },
    {
      name: 'attempt counts',
      batch: PURGE_BATCH,
      deleteBatch: (limit) => database.$executeRaw`
        DELETE FROM attempt_counts WHERE key IN (
          SELECT key FROM attempt_counts WHERE expire < extract(epoch FROM now()) * 1000
          ORDER BY expire LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
    },
  ];
};
