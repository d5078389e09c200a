/**
 * What graphile-worker has no function for, done on its own tables. They are private: a release may
 * change them, so its version is pinned, and `job-rows.int.test.ts` says what is taken for granted.
 *
 * - Leases: the library frees jobs of a dead process after four hours. Its `force_unlock_workers`
 *   frees all jobs of a process at once, also those that are young.
 * - Patience: the library counts attempts, with pauses that grow to six hours. `reschedule_jobs`
 *   leaves alone the jobs that are held, as a job is while it fails.
 * - Dead letters: the public view has no payload, and `reschedule_jobs` leaves `created_at`, where
 *   the patience begins.
 */
import type { ClientBase, Pool } from 'pg';

type Database = Pick<ClientBase | Pool, 'query'>;

/**
 * A job as its worker holds it. All workers of a process write the same `locked_by`, so when it was
 * taken tells them apart.
 */
export type HeldJob = {
  readonly id: string;
  readonly locked_by: string | null;
  readonly locked_at: Date | null;
};

/** What became of a job whose try failed. LOST: somebody else holds it by now. */
export type TryEnd = 'TRIED_AGAIN' | 'DEAD' | 'LOST';

/**
 * The library waits e^attempts seconds after a failure: with no more attempts counted than these,
 * it never waits for longer than some twenty seconds. No job is dead before as many tries: while
 * its service was down, a job grew old without one.
 */
const COUNTED_ATTEMPTS = 3;

/** Whether a row is still held as `HeldJob` says: a Date has milliseconds, the row microseconds. */
const IS_OURS = "id = $1 AND locked_by = $2 AND date_trunc('milliseconds', locked_at) = $3";

const IS_DEAD = 'attempts >= max_attempts AND locked_at IS NULL';

/**
 * Frees jobs that were held for longer than the lease. One whose key was given to a new job while
 * it ran (which the library notes by taking its key and all its attempts) is deleted: the new one
 * does its work, and it would look like a dead letter. One that is older than the patience may
 * look so because it was given up (`endTry`), and has another try.
 *
 * Nothing else may come to look so: attempts that killed processes used up are not counted to the
 * end. And the key goes: a slow worker that plans its successor under it would find this row free,
 * make it the successor, and delete it as its own when it ends.
 * @returns how many there were
 */
export const freeAbandonedJobs = async (
  database: Database,
  leaseMs: number,
  patienceMs: number,
): Promise<number> => {
  await database.query(
    `DELETE FROM graphile_worker._private_jobs
     WHERE locked_at < now() - make_interval(secs => $1)
       AND key IS NULL AND attempts >= max_attempts
       AND created_at > now() - make_interval(secs => $2)`,
    [leaseMs / 1_000, patienceMs / 1_000],
  );
  const { rowCount } = await database.query(
    `UPDATE graphile_worker._private_jobs
     SET locked_at = NULL, locked_by = NULL, key = NULL, attempts = least(attempts, $2)
     WHERE locked_at < now() - make_interval(secs => $1)`,
    [leaseMs / 1_000, COUNTED_ATTEMPTS],
  );
  return rowCount ?? 0;
};

/**
 * Writes what a failed try means, before the library does: tried again soon, or dead
 * when the job is older than the patience and was tried often enough. The row decides, and only
 * while it is still ours.
 *
 * What the library writes after that asks for less: the end of a slow worker deletes the row,
 * whoever holds it, and its failure frees the row when another worker of the same process holds
 * it. Either way the work is done at least once, and no job is dead for it.
 */
export const endTry = async (
  database: Database,
  job: HeldJob,
  patienceMs: number,
): Promise<TryEnd> => {
  const { rows } = await database.query<{ dead: boolean }>(
    `UPDATE graphile_worker._private_jobs SET attempts = CASE
       WHEN created_at < now() - make_interval(secs => $4) AND attempts >= $5 THEN max_attempts
       ELSE least(attempts, $5) END
     WHERE ${IS_OURS} RETURNING attempts >= max_attempts AS dead`,
    [job.id, job.locked_by, job.locked_at, patienceMs / 1_000, COUNTED_ATTEMPTS],
  );
  if (!rows[0]) return 'LOST';
  return rows[0].dead ? 'DEAD' : 'TRIED_AGAIN';
};

/** How often a job was tried, this time included; null when somebody else holds it by now. */
export const countTries = async (database: Database, job: HeldJob): Promise<number | null> => {
  const { rows } = await database.query<{ attempts: number }>(
    `SELECT attempts FROM graphile_worker._private_jobs WHERE ${IS_OURS}`,
    [job.id, job.locked_by, job.locked_at],
  );
  return rows[0]?.attempts ?? null;
};

/** How many jobs are out of attempts, by the name of their task. */
export const countDeadJobs = async (database: Database): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await database.query<{ name: string; count: number }>(
    `SELECT tasks.identifier AS name, count(*)::int AS count
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE ${IS_DEAD} GROUP BY tasks.identifier`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
};

/** A job that is out of attempts, as it is stored. */
export type DeadJobRow = {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

/** The jobs that are out of attempts, oldest first. */
export const readDeadJobs = async (database: Database): Promise<readonly DeadJobRow[]> => {
  const { rows } = await database.query<DeadJobRow>(
    `SELECT jobs.id::text, tasks.identifier AS name, jobs.payload, jobs.created_at AS "createdAt",
       jobs.attempts, jobs.last_error AS "lastError"
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE ${IS_DEAD} ORDER BY jobs.id`,
  );
  return rows;
};

/** Lets the patience of dead jobs begin anew. @returns their ids; they are as dead as before */
export const renewDeadJobs = async (database: Database): Promise<readonly string[]> => {
  const { rows } = await database.query<{ id: string }>(
    `UPDATE graphile_worker._private_jobs SET created_at = now() WHERE ${IS_DEAD} RETURNING id::text`,
  );
  return rows.map(({ id }) => id);
};

/** Whether workers have ever run here: they make the tables. */
export const haveJobsRun = async (database: Database): Promise<boolean> => {
  const { rows } = await database.query<{ found: boolean }>(
    "SELECT to_regclass('graphile_worker._private_jobs') IS NOT NULL AS found",
  );
  return rows[0]?.found ?? false;
};
