import { escapeIdentifier, type Pool } from 'pg';

/** A row that a sweeper has claimed: until `claimedUntil` no other takes it. */
export type DueRow = {
  readonly id: string;
  readonly claimedUntil: Date;
  /** How often it was claimed since its last success, this time included. */
  readonly attempts: number;
  /** How long ago it was due when it was claimed. */
  readonly lagMs: number;
  /** The span that made the work, as a `traceparent`; null when that was not recorded. */
  readonly cause: string | null;
};

/** The result of a step that failed. LOST: the row has changed meanwhile, so nothing was written. */
export type FailedEnd = 'RETRIED' | 'DEAD' | 'LOST';

/**
 * The rows of a table that say when they are due next. Its columns:
 * ```sql
 * due_at timestamptz(3), due_attempts int NOT NULL DEFAULT 0, due_since timestamptz(3),
 * due_error text, dead_at timestamptz(3)
 * CREATE INDEX t_due_idx ON t (due_at) WHERE due_at IS NOT NULL AND dead_at IS NULL;
 * CREATE INDEX t_dead_idx ON t (dead_at) WHERE dead_at IS NOT NULL;
 * ```
 * A statement that completes a step, or wakes a row up, sets `due_at` and `due_attempts = 0`; one
 * that completes it also sets `due_since` and `due_error` to null.
 */
export type DueTable = {
  readonly name: string;
  /** Claims up to `limit` rows that are due, oldest first, for the time of a lease. */
  readonly claim: (limit: number) => Promise<readonly DueRow[]>;
  /**
   * Writes when a row whose step succeeded is due next, a second later at the earliest; null: nothing
   * is left to do. It writes nothing when the row has changed since it was claimed.
   */
  readonly finish: (row: DueRow, nextAt: Date | null) => Promise<void>;
  /** Schedules a retry of a step that failed, or marks its row as dead. */
  readonly fail: (row: DueRow, error: unknown) => Promise<FailedEnd>;
  /** How many rows have been due for ten seconds and are not claimed, and how many are dead. */
  readonly count: () => Promise<{ readonly overdue: number; readonly dead: number }>;
};

/** How long a claimed row belongs to its sweeper. If its process dies, another takes it after this. */
export const LEASE_MS = 20_000;

/** A step is retried for this long after its first failure, before its row is dead. */
const RETRY_WINDOW_MS = 12 * 60 * 60_000;

/** A row is dead after as many attempts at the earliest. */
const MIN_ATTEMPTS = 3;

/** The pause after the n-th attempt is e^n seconds, up to this, less up to half of it at random. */
const MAX_PAUSE_S = 20;

/**
 * The least pause between two steps, by the database's clock. If the clock of this process is behind
 * that, a time of its own would be past, and steps that poll would never pause.
 */
const MIN_PAUSE_S = 1;

/** e to this is more than any pause; with many attempts exp() would overflow. */
const MAX_EXPONENT = 9;

/**
 * A row that has been due for longer is overdue. A sweeper polls once a second: in a busy shop there are always rows
 * that have just become due.
 */
const OVERDUE_AFTER_S = 10;

/** The first characters of an error that are stored. */
const MAX_ERROR_LENGTH = 1_000;

/** Whether a row is as its sweeper claimed it: a wake-up, or the step itself, changes one of these. */
const IS_OURS = 'due_at = $2 AND due_attempts = $3';

/**
 * Makes the access to the due rows of a table.
 * @param pool one whose statements have timeouts
 * @param options.id the column that identifies a row, `id` by default; its values are passed as text
 * @param options.where constant SQL that limits which rows are taken
 * @param options.cause the column with the `traceparent` of what made the work, if there is one
 * @param options.name names it in metrics and logs: the table, if not given. Two with the same table
 *   need two names
 */
export const makeDueTable = (
  pool: Pool,
  options: {
    table: string;
    id?: string;
    where?: string;
    cause?: string;
    retryWindowMs?: number;
    name?: string;
  },
): DueTable => {
  const { where = 'true', retryWindowMs = RETRY_WINDOW_MS, name = options.table } = options;
  const table = escapeIdentifier(options.table);
  const id = escapeIdentifier(options.id ?? 'id');
  const cause = options.cause ? `claimed.${escapeIdentifier(options.cause)}` : 'NULL::text';
  // Statements whose comment is one word are prepared.
  const comment = name.replaceAll(/[^\w.-]/g, '_');

  // SKIP LOCKED reads a row again once it has its lock: what another process has just claimed, or a
  // request is writing, is not taken.
  const claim = `/* due.claim.${comment} */
    WITH due AS (
       SELECT ${id} AS row_id, due_at FROM ${table}
       WHERE due_at <= now() AND dead_at IS NULL AND (${where})
       ORDER BY due_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
     )
     UPDATE ${table} AS claimed
     SET due_at = now() + make_interval(secs => ${LEASE_MS / 1_000}),
       due_attempts = claimed.due_attempts + 1
     FROM due WHERE claimed.${id} = due.row_id
     RETURNING claimed.${id}::text AS id, claimed.due_at AS "claimedUntil",
       claimed.due_attempts AS attempts,
       (extract(epoch FROM now() - due.due_at) * 1000)::float8 AS "lagMs", ${cause} AS cause`;
  const finish = `/* due.finish.${comment} */
    UPDATE ${table} SET due_attempts = 0, due_since = NULL, due_error = NULL,
       due_at = CASE WHEN $4::timestamptz IS NOT NULL
         THEN greatest($4::timestamptz, now() + make_interval(secs => ${MIN_PAUSE_S})) END
     WHERE ${id} = $1 AND ${IS_OURS}`;
  const fail = `/* due.fail.${comment} */
    UPDATE ${table} SET due_error = $4, due_since = coalesce(due_since, now()),
       due_at = now() + make_interval(secs =>
         least(exp(least(due_attempts, ${MAX_EXPONENT})), ${MAX_PAUSE_S}) * (1 - random() / 2)),
       dead_at = CASE WHEN due_attempts >= ${MIN_ATTEMPTS}
         AND due_since < now() - make_interval(secs => $5) THEN now() END
     WHERE ${id} = $1 AND ${IS_OURS} RETURNING dead_at IS NOT NULL AS "isDead"`;
  const count = `/* due.count.${comment} */
    SELECT
       (SELECT count(*)::int FROM ${table}
        WHERE due_at <= now() - make_interval(secs => ${OVERDUE_AFTER_S})
          AND dead_at IS NULL AND (${where})) AS overdue,
       (SELECT count(*)::int FROM ${table} WHERE dead_at IS NOT NULL AND (${where})) AS dead`;

  return {
    name,
    claim: async (limit) => (await pool.query<DueRow>(claim, [limit])).rows,
    finish: async (row, nextAt) => {
      await pool.query(finish, [row.id, row.claimedUntil, row.attempts, nextAt]);
    },
    fail: async (row, error) => {
      const text = String(error).slice(0, MAX_ERROR_LENGTH);
      const values = [row.id, row.claimedUntil, row.attempts, text, retryWindowMs / 1_000];
      const { rows } = await pool.query<{ isDead: boolean }>(fail, values);
      if (!rows[0]) return 'LOST';
      return rows[0].isDead ? 'DEAD' : 'RETRIED';
    },
    count: async () => {
      const { rows } = await pool.query<{ overdue: number; dead: number }>(count, []);
      return rows[0] ?? { overdue: 0, dead: 0 };
    },
  };
};
