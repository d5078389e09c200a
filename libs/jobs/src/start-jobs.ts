import type { Logger as Log } from '@cartograph/logging';
import { openPool } from '@cartograph/postgres';
import { Logger, parseCronItems, run, type Task } from 'graphile-worker';
import { makeJobMetrics } from './job-metrics.ts';
import { countTries, endTry, type HeldJob } from './job-rows.ts';
import { runMaintenance } from './maintenance.ts';

/** One kind of durable work. It may be done twice, so it must allow that. @throws to try again */
export type Work = (payload: unknown) => Promise<unknown>;

/** How long failed work is tried again, before it is left to a person (npm run jobs). */
const PATIENCE_MS = 12 * 60 * 60_000;

/** A job is taken from a worker that does not end within this time: it may have died. */
const LEASE_MS = 20_000;

/** How late a job may be that was stored for later. */
const POLL_MS = 1_000;

/**
 * The library ends the process when it can't write how a job ended: a database that is only slow must
 * not come to that.
 */
const CONNECT_TIMEOUT_MS = 30_000;

/** What the workers need beside the connections in which jobs are taken: to listen, to keep house. */
const SPARE_CONNECTIONS = 3;

/**
 * Does the durable work of a service, at least once each. What fails is tried again, with growing
 * pauses of some twenty seconds at most, until the patience ends, and three times at least: then it
 * stays in the table, out of attempts, for a person to see. Several processes share the work.
 * @param options.tasks what is done, by the names under which jobs are stored
 * @param options.tries of tasks that nobody misses: after as many a job is dropped
 * @param options.times when tasks are due by themselves, as crontab says it, in UTC
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = async (options: {
  databaseUrl: string;
  log: Log;
  tasks: Readonly<Record<string, Work>>;
  tries?: Readonly<Record<string, number>>;
  times?: Readonly<Record<string, string>>;
  concurrency: number;
  patienceMs?: number;
}): Promise<() => Promise<void>> => {
  const { log, tasks, tries = {}, times = {}, concurrency } = options;
  const { patienceMs = PATIENCE_MS } = options;
  const pgPool = openPool({
    databaseUrl: options.databaseUrl,
    max: concurrency + SPARE_CONNECTIONS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    onLost: (error) => log.warn({ err: error }, 'connection of the jobs lost'),
  });
  const measured = makeJobMetrics(Object.keys(tasks));

  /** @returns whether the job is not tried again, and whether it is dropped at that */
  const judge = async (job: HeldJob, most: number | undefined) => {
    if (most === undefined) {
      const end = await endTry(pgPool, job, patienceMs);
      return { isFinal: end === 'DEAD', isDropped: false };
    }
    const isDropped = ((await countTries(pgPool, job)) ?? 0) >= most;
    return { isFinal: isDropped, isDropped };
  };

  const doing =
    (name: string, work: Work): Task =>
    async (payload, { job }) => {
      measured.began(job);
      try {
        await work(payload);
      } catch (error) {
        // While the database is away nobody can judge. Nor can the library write how the job ended:
        // it ends the process then, whose successor finds the job free.
        const unjudged = { isFinal: false, isDropped: false };
        const { isFinal, isDropped } = await judge(job, tries[name]).catch(() => unjudged);
        measured.failed(job, isFinal);
        const said = { job: name, job_id: job.id, err: error };
        if (isDropped) log.warn(said, 'job dropped');
        else if (isFinal) log.error(said, 'job given up');
        else log.warn(said, 'job failed');
        if (!isDropped) throw error;
      }
    };

  const runner = await run({
    pgPool,
    concurrency,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList: Object.fromEntries(
      Object.entries(tasks).map(([name, work]) => [name, doing(name, work)]),
    ),
    parsedCronItems: parseCronItems(
      Object.entries(times).map(([task, match]) => ({ task, match })),
    ),
    logger: new Logger(() => (level, message, meta) => {
      // Failures of jobs were logged above, with what they mean.
      if (meta?.['failure']) return;
      if (['error', 'warning'].includes(level)) log.warn({ detail: message }, 'jobs in trouble');
    }),
  });
  const stopHouse = runMaintenance({ pgPool, leaseMs: LEASE_MS, patienceMs, measured, log });
  return async () => {
    await stopHouse();
    await runner.stop();
    measured.stop();
    await pgPool.end();
  };
};
