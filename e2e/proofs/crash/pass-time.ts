import { setTimeout as sleep } from 'node:timers/promises';
import { expireOrders, jobDatabasesOf, notifyWorkers, rescheduleJobs } from '../../sandbox/jobs.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';

/** All jobs but the periodic ones, and but the checks of declines, which continue for hours. */
const IS_WORK = "task_identifier NOT LIKE 'forget\\_%' AND task_identifier <> 'watch_decline'";

/** A job that is due later waits for the end of an order, not for its next step. */
const SOON = "interval '60 seconds'";

const POLL_MS = 200;
const TIMEOUT_MS = 90_000;

type Job = {
  readonly task: string;
  readonly isHeld: boolean;
  readonly isDue: boolean;
  readonly isDeadLettered: boolean;
};

const readJobs = async (sandbox: Sandbox): Promise<Job[]> => {
  const jobs = jobDatabasesOf(sandbox).map((database) =>
    database.query<Job>(
      `SELECT task_identifier AS task, locked_at IS NOT NULL AS "isHeld", run_at <= now() AS "isDue",
         attempts >= max_attempts AND locked_at IS NULL AS "isDeadLettered"
       FROM graphile_worker.jobs WHERE ${IS_WORK} AND run_at < now() + ${SOON}`,
    ),
  );
  return (await Promise.all(jobs)).flat();
};

/** Jobs that should be done by now: they are due, locked by a worker, or dead-lettered. */
export const findLateJobs = async (sandbox: Sandbox): Promise<string[]> =>
  (await readJobs(sandbox))
    .filter((job) => job.isHeld || job.isDue || job.isDeadLettered)
    .map(({ task, isHeld, isDeadLettered }) => {
      return `${task} is ${isHeld ? 'locked' : isDeadLettered ? 'dead-lettered' : 'due'}`;
    });

/** Removes dead-lettered jobs, so that the next run does not report them. */
export const removeDeadJobs = async (sandbox: Sandbox): Promise<void> => {
  for (const database of jobDatabasesOf(sandbox)) {
    await database.query(
      `SELECT graphile_worker.complete_jobs(array_agg(id)) FROM graphile_worker.jobs
       WHERE attempts >= max_attempts AND locked_at IS NULL`,
    );
  }
};

/** Makes all jobs that are due soon due now. */
const hurry = async (sandbox: Sandbox): Promise<void> => {
  for (const database of jobDatabasesOf(sandbox)) {
    await database.query(
      `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => now())
       FROM graphile_worker.jobs WHERE ${IS_WORK} AND locked_at IS NULL
       AND run_at > now() AND run_at < now() + ${SOON}`,
    );
    await notifyWorkers(database);
  }
};

/**
 * Runs jobs until none is left, or `isOver`. Jobs that are scheduled for later run now, except where
 * the provider has not settled a charge.
 * @param isAwaited whether something else must happen first
 * @returns what was not done in the end
 */
export const passTime = async (
  sandbox: Sandbox,
  isOver: () => boolean = () => false,
  isAwaited: () => Promise<boolean> = async () => false,
): Promise<string[]> => {
  const deadline = Date.now() + TIMEOUT_MS;
  for (let quiet = 0; quiet < 2;) {
    if (isOver()) return [];
    const jobs = (await readJobs(sandbox)).filter(({ isDeadLettered }) => !isDeadLettered);
    quiet = jobs.length === 0 && !(await isAwaited()) ? quiet + 1 : 0;
    if (Date.now() > deadline) return jobs.map(({ task }) => `${task} is never done`);
    const isSettling = jobs.some(({ task, isDue }) => task === 'deliver_webhook' && !isDue);
    if (jobs.length > 0 && !isSettling && !isOver()) await hurry(sandbox);
    await sleep(POLL_MS);
  }
  return [];
};

/** Ends the time in which an order can be paid, and runs the job that expires it. */
export const expireOrder = async (sandbox: Sandbox, id: string, agoMs: number): Promise<void> => {
  await expireOrders(sandbox, [id], agoMs);
  await rescheduleJobs(sandbox, ['resolve_order'], 'now', [id]);
};

/** Ends the time in which a request that holds stock should have created its order. */
export const expireClaims = ({ databases }: Sandbox): Promise<object[]> =>
  databases.order.query(
    "UPDATE stock_holds SET renewed_at = now() - interval '31 seconds' WHERE placed_at IS NULL",
  );
