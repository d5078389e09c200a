import type { ClientBase } from 'pg';
import type { Database } from './job-rows.ts';

/** A job that is out of attempts: it stays in the table until an operator retries it. */
export type DeadLetteredJob = {
  readonly id: string;
  /** Its task. */
  readonly name: string;
  readonly payload: unknown;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

const IS_DEAD_LETTERED = 'attempts >= max_attempts AND locked_at IS NULL';

/** How many jobs are dead-lettered, by the name of their task. */
export const countDeadLetteredJobs = async (
  database: Database,
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await database.query<{ name: string; count: number }>(
    `SELECT tasks.identifier AS name, count(*)::int AS count
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE ${IS_DEAD_LETTERED} GROUP BY tasks.identifier`,
  );
  return new Map(rows.map(({ name, count }) => [name, count]));
};

/** Whether workers have ever run in this database: they make the tables. */
const haveJobsRun = async (database: Database): Promise<boolean> => {
  const { rows } = await database.query<{ found: boolean }>(
    "SELECT to_regclass('graphile_worker._private_jobs') IS NOT NULL AS found",
  );
  return rows[0]?.found ?? false;
};

/** The dead-lettered jobs of one database, oldest first. The library's view of jobs has no payload. */
export const listDeadLetteredJobs = async (
  client: ClientBase,
): Promise<readonly DeadLetteredJob[]> => {
  if (!(await haveJobsRun(client))) return [];
  const { rows } = await client.query<DeadLetteredJob>(
    `SELECT jobs.id::text, tasks.identifier AS name, jobs.payload, jobs.created_at AS "createdAt",
       jobs.attempts, jobs.last_error AS "lastError"
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE ${IS_DEAD_LETTERED} ORDER BY jobs.id`,
  );
  return rows;
};

/**
 * Makes the dead-lettered jobs of one database due now, with all their attempts and a new retry
 * window.
 * @returns how many there were
 */
export const retryDeadLetteredJobs = async (client: ClientBase): Promise<number> => {
  if (!(await haveJobsRun(client))) return 0;
  // The retry window begins at `created_at`, which `reschedule_jobs` does not change.
  const { rows } = await client.query<{ id: string }>(
    `UPDATE graphile_worker._private_jobs SET created_at = now()
     WHERE ${IS_DEAD_LETTERED} RETURNING id::text`,
  );
  if (rows.length === 0) return 0;
  await client.query(
    'SELECT graphile_worker.reschedule_jobs($1::bigint[], run_at => now(), attempts => 0)',
    [rows.map(({ id }) => id)],
  );
  await client.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
  return rows.length;
};
