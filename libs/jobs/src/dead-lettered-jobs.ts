import type { ClientBase } from 'pg';
import { haveJobsRun, readDeadJobs, renewDeadJobs, type DeadJobRow } from './job-rows.ts';

/**
 * Durable work that is out of attempts: nobody does it unless a person says so. `name` is what kind
 * of work it is, `payload` what it was told, as JSON.
 */
export type DeadLetteredJob = DeadJobRow;

/** The jobs of one database that are out of attempts, oldest first. */
export const listDeadLetteredJobs = async (
  client: ClientBase,
): Promise<readonly DeadLetteredJob[]> => ((await haveJobsRun(client)) ? readDeadJobs(client) : []);

/**
 * Gives the jobs of one database that are out of attempts all of them back, due at once. Their
 * patience begins anew.
 * @returns how many there were
 */
export const retryDeadLetteredJobs = async (client: ClientBase): Promise<number> => {
  if (!(await haveJobsRun(client))) return 0;
  const ids = await renewDeadJobs(client);
  if (ids.length === 0) return 0;
  await client.query(
    'SELECT graphile_worker.reschedule_jobs($1::bigint[], run_at => now(), attempts => 0)',
    [ids],
  );
  await client.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
  return ids.length;
};
