import { openPool } from '@cartograph/postgres';
import { OVERLAP_MS, type RevocationStore } from '../domain/revocation-feed.ts';

/** The feed waits for nothing else: everybody who is signed in depends on it. */
const TIMEOUT_MS = 2_000;

const READ = `
  SELECT now() AS as_of, revoked.id, revoked.revoked_at
  FROM (SELECT 1) AS always LEFT JOIN (
    SELECT id, revoked_at FROM sessions
    WHERE revoked_at > least(coalesce($1::timestamptz, now() - make_interval(secs => $2)), now())
      - make_interval(secs => $3)
    ORDER BY revoked_at DESC LIMIT $4
  ) AS revoked ON true`;

type Row = { readonly as_of: Date; readonly id: string | null; readonly revoked_at: Date };

/**
 * Reads revoked sessions on a connection of its own, so that requests that wait for the database do
 * not hold it up.
 * @param keepMs how long ago a session may have been revoked whose tokens are not all expired
 */
export const makeRevocationStore = (
  databaseUrl: string,
  keepMs: number,
  onError: (error: Error) => void,
): RevocationStore & { readonly close: () => Promise<void> } => {
  const pool = openPool({
    databaseUrl,
    max: 1,
    connectTimeoutMs: TIMEOUT_MS,
    queryTimeoutMs: TIMEOUT_MS,
    onLost: onError,
  });
  return {
    readRevoked: async (after, limit) => {
      const values = [after, keepMs / 1_000, OVERLAP_MS / 1_000, limit];
      const { rows } = await pool.query<Row>(READ, values);
      const revocations = rows.flatMap(({ id, revoked_at }) =>
        id === null ? [] : [{ id, revokedAt: revoked_at }],
      );
      const asOf = rows[0]?.as_of;
      if (!asOf) throw new Error('the query has a row for each revocation, or one without any');
      return { asOf, revocations };
    },
    close: () => pool.end(),
  };
};
