/**
 * What graphile-worker has no function for, done on its own tables. They are private: a release may
 * change them, so its version is pinned, and `job-rows.int.test.ts` tests what is assumed here.
 *
 * - Leases: the library frees the jobs of a dead process after four hours. Its `force_unlock_workers`
 *   frees all jobs of a process, also those that were taken a moment ago.
 * - Retry window: the library counts attempts, with pauses that grow to six hours. Its
 *   `reschedule_jobs` skips jobs that are held, as a job is while it fails.
 */
import type { ClientBase, Pool } from 'pg';

export type Database = Pick<ClientBase | Pool, 'query'>;

/**
 * A job as its worker holds it. All workers of a process write the same `locked_by`, so `locked_at`
 * tells them apart.
 */
export type HeldJob = {
  readonly id: string;
  readonly locked_by: string | null;
  readonly locked_at: Date | null;
};

/** The result of an attempt that failed. LOST: another worker holds the job by now. */
export type AttemptEnd = 'RETRIED' | 'DEAD_LETTERED' | 'LOST';

/**
 * The library waits e^attempts seconds after a failure: with no more attempts counted than these,
 * it never waits for longer than some twenty seconds. No job is dead-lettered before it was tried as
 * often: it may have aged without an attempt while its service was down.
 */
const COUNTED_ATTEMPTS = 3;

/** Whether a row is still held as `HeldJob` says: a Date has milliseconds, the row microseconds. */
const IS_OURS = "id = $1 AND locked_by = $2 AND date_trunc('milliseconds', locked_at) = $3";

/**
 * Frees jobs that were held for longer than the lease. Attempts in which the process was killed are not
 * counted beyond COUNTED_ATTEMPTS, so that no job looks dead-lettered because of them.
 * @returns how many there were
 */
export const freeAbandonedJobs = async (database: Database, leaseMs: number): Promise<number> => {
  const { rowCount } = await database.query(
    `UPDATE graphile_worker._private_jobs
     SET locked_at = NULL, locked_by = NULL, attempts = least(attempts, $2)
     WHERE locked_at < now() - make_interval(secs => $1)`,
    [leaseMs / 1_000, COUNTED_ATTEMPTS],
  );
  return rowCount ?? 0;
};

/**
 * Writes the result of a failed attempt before the library does: retried soon, or dead-lettered when
 * the job is older than the retry window and was tried often enough. It changes nothing when another
 * worker holds the row.
 *
 * The library checks less than that: a slow worker that succeeds deletes the row, even when another
 * worker holds it, and one that fails frees the row when another worker of the same process holds it.
 * Either way the work is done at least once, and no job is dead-lettered because of it.
 */
export const endAttempt = async (
  database: Database,
  job: HeldJob,
  retryWindowMs: number,
): Promise<AttemptEnd> => {
  const { rows } = await database.query<{ isDead: boolean }>(
    `UPDATE graphile_worker._private_jobs SET attempts = CASE
       WHEN created_at < now() - make_interval(secs => $4) AND attempts >= $5 THEN max_attempts
       ELSE least(attempts, $5) END
     WHERE ${IS_OURS} RETURNING attempts >= max_attempts AS "isDead"`,
    [job.id, job.locked_by, job.locked_at, retryWindowMs / 1_000, COUNTED_ATTEMPTS],
  );
  if (!rows[0]) return 'LOST';
  return rows[0].isDead ? 'DEAD_LETTERED' : 'RETRIED';
};

/** How often a job was tried, this attempt included; null when another worker holds it by now. */
export const countAttempts = async (database: Database, job: HeldJob): Promise<number | null> => {
  const { rows } = await database.query<{ attempts: number }>(
    `SELECT attempts FROM graphile_worker._private_jobs WHERE ${IS_OURS}`,
    [job.id, job.locked_by, job.locked_at],
  );
  return rows[0]?.attempts ?? null;
};
