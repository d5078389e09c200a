import type { ClientBase } from 'pg';

/** Durable work that is out of attempts: nobody does it unless a person says so. */
export type DeadJob = {
  readonly id: string;
  /** What kind of work. */
  readonly name: string;
  /** What it was told, as JSON. */
  readonly payload: unknown;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly lastError: string | null;
};

const IS_DEAD = 'attempts >= max_attempts AND locked_at IS NULL';

/** A service that never ran has no table of jobs. */
const hasJobs = async (client: ClientBase): Promise<boolean> => {
  const { rows } = await client.query<{ found: boolean }>(
    "SELECT to_regclass('graphile_worker._private_jobs') IS NOT NULL AS found",
  );
  return rows[0]?.found ?? false;
};

/** The jobs of one database that are out of attempts, oldest first. */
export const listDeadJobs = async (client: ClientBase): Promise<readonly DeadJob[]> => {
  if (!(await hasJobs(client))) return [];
  const { rows } = await client.query<DeadJob>(
    `SELECT jobs.id::text, tasks.identifier AS name, jobs.payload, jobs.created_at AS "createdAt",
       jobs.attempts, jobs.last_error AS "lastError"
     FROM graphile_worker._private_jobs AS jobs
     JOIN graphile_worker._private_tasks AS tasks ON tasks.id = jobs.task_id
     WHERE ${IS_DEAD} ORDER BY jobs.id`,
  );
  return rows;
};

/**
 * Gives the jobs of one database that are out of attempts all of them back, due at once. Their
 * patience begins anew.
 * @returns how many there were
 */
export const retryDeadJobs = async (client: ClientBase): Promise<number> => {
  if (!(await hasJobs(client))) return 0;
  const { rows } = await client.query<{ id: string }>(
    `UPDATE graphile_worker._private_jobs SET created_at = now() WHERE ${IS_DEAD} RETURNING id::text`,
  );
  if (rows.length === 0) return 0;
  await client.query(
    'SELECT graphile_worker.reschedule_jobs($1::bigint[], run_at => now(), attempts => 0)',
    [rows.map(({ id }) => id)],
  );
  await client.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
  return rows.length;
};

/** A dead job as one line for people. */
export const describeDeadJob = ({ id, name, payload, createdAt, lastError }: DeadJob): string =>
  `  ${id} ${name} ${JSON.stringify(payload)} since ${createdAt.toISOString()}: ${
    lastError?.split('\n', 1)[0] ?? 'no error was kept'
  }`;
