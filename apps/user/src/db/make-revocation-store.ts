import { openPool } from '@cartograph/postgres';
import { OVERLAP_MS, type RevocationStore } from '../domain/revocation-feed.ts';

/** The feed fails fast: every signed-in client depends on it. */
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
 * Reads revoked sessions on its own connection, so that requests that wait for a connection do not
 * delay it.
 * @param keepMs how long after a revocation a token of the session may still be unexpired
 */
export const makeRevocationStore = (
  databaseUrl: string,
  keepMs: number,
  onLost: (error: Error) => void,
): RevocationStore & { readonly close: () => Promise<void> } => {
  const pool = openPool({
    name: 'revocations',
    databaseUrl,
    max: 1,
    connectTimeoutMs: TIMEOUT_MS,
    queryTimeoutMs: TIMEOUT_MS,
    onLost,
  });
  return {
    readRevoked: async (after, limit) => {
      const values = [after, keepMs / 1_000, OVERLAP_MS / 1_000, limit];
      const { rows } = await pool.query<Row>(READ, values);
      const revocations = rows.flatMap(({ id, revoked_at }) =>
        id === null ? [] : [{ id, revokedAt: revoked_at }],
      );
      const asOf = rows[0]?.as_of;
      if (!asOf) throw new Error('the query returned no row');
      return { asOf, revocations };
    },
    close: () => pool.end(),
  };
};
