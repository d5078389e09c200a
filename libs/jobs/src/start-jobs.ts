import type { Logger as Log } from '@cartograph/logging';
import { openPool } from '@cartograph/postgres';
import { runLinked } from '@cartograph/telemetry';
import { SpanKind } from '@opentelemetry/api';
import { Logger, parseCronItems, run, type Task } from 'graphile-worker';
import { endJobsLater } from './end-jobs-later.ts';
import { makeJobMetrics } from './job-metrics.ts';
import { countAttempts, endAttempt, type HeldJob } from './job-rows.ts';
import { runMaintenance } from './maintenance.ts';

/** Runs the jobs of one task. A job may run twice, which it must allow. @throws to be retried */
export type Work = (payload: unknown) => Promise<unknown>;

/** A job is retried for this long before it is dead-lettered (npm run jobs). */
const RETRY_WINDOW_MS = 12 * 60 * 60_000;

/** After this time another worker may take a job: its worker may have died. */
const LEASE_MS = 20_000;

/** How late a scheduled job may start. */
const POLL_MS = 1_000;

/** The workers need more connections than jobs run: to listen, and for maintenance. */
const SPARE_CONNECTIONS = 3;

/** By the semantic conventions for messaging. */
const spanOptionsOf = (name: string, id: string) => ({
  kind: SpanKind.CONSUMER,
  attributes: {
    'messaging.system': 'graphile_worker',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': name,
    'messaging.message.id': id,
  },
});

/**
 * Runs the jobs of a service, at least once each. A job that fails is retried, with growing pauses of
 * some twenty seconds at most, until its retry window ends, and three times at least: then it is
 * dead-lettered. Several processes share the work. While the database is lost, the workers wait.
 * @param options.tasks by the names under which jobs are stored
 * @param options.tries for tasks whose jobs may be lost: a job is dropped after as many attempts
 * @param options.times when tasks run without a stored job, in the syntax of crontab, in UTC
 * @returns stops taking jobs, and waits for those in progress
 */
export const startJobs = async (options: {
  databaseUrl: string;
  log: Log;
  tasks: Readonly<Record<string, Work>>;
  tries?: Readonly<Record<string, number>>;
  times?: Readonly<Record<string, string>>;
  concurrency: number;
  retryWindowMs?: number;
}): Promise<() => Promise<void>> => {
  const { log, tasks, tries = {}, times = {}, concurrency } = options;
  const { retryWindowMs = RETRY_WINDOW_MS } = options;
  const pgPool = openPool({
    name: 'jobs',
    databaseUrl: options.databaseUrl,
    max: concurrency + SPARE_CONNECTIONS,
    onLost: (error) => log.warn({ err: error }, 'connection of the jobs lost'),
  });
  const stopRepeats = endJobsLater(pgPool, (error) =>
    log.warn({ err: error }, 'statement of the jobs repeated'),
  );
  const measured = makeJobMetrics(Object.keys(tasks));

  /** @returns whether the job is not retried, and whether it is dropped instead of dead-lettered */
  const endFailed = async (job: HeldJob, most: number | undefined) => {
    if (most === undefined) {
      const end = await endAttempt(pgPool, job, retryWindowMs);
      return { isFinal: end === 'DEAD_LETTERED', isDropped: false };
    }
    const isDropped = ((await countAttempts(pgPool, job)) ?? 0) >= most;
    return { isFinal: isDropped, isDropped };
  };

  const makeTask = (name: string, work: Work): Task => {
    const runJob: Task = async (payload, { job }) => {
      measured.started(job);
      try {
        await work(payload);
      } catch (error) {
        // While the database is lost, the job is retried when it is back.
        const retried = { isFinal: false, isDropped: false };
        const { isFinal, isDropped } = await endFailed(job, tries[name]).catch(() => retried);
        measured.failed(job, isFinal);
        const fields = { job: name, job_id: job.id, err: error };
        if (isDropped) log.warn(fields, 'job dropped');
        else if (isFinal) log.error(fields, 'job dead-lettered');
        else log.warn(fields, 'job failed');
        if (!isDropped) throw error;
      }
    };
    return (payload, helpers) =>
      runLinked(`process ${name}`, spanOptionsOf(name, helpers.job.id), [], async () =>
        runJob(payload, helpers),
      );
  };

  const runner = await run({
    pgPool,
    concurrency,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList: Object.fromEntries(
      Object.entries(tasks).map(([name, work]) => [name, makeTask(name, work)]),
    ),
    parsedCronItems: parseCronItems(
      Object.entries(times).map(([task, match]) => ({ task, match })),
    ),
    logger: new Logger(() => (level, message, meta) => {
      // Failures of jobs are logged above, with more details.
      if (meta?.['failure']) return;
      if (['error', 'warning'].includes(level))
        log.warn({ detail: message }, 'job worker reported a problem');
    }),
  });
  const stopMaintenance = runMaintenance({
    pgPool,
    leaseMs: LEASE_MS,
    measured,
    log,
  });
  return async () => {
    await stopMaintenance();
    await runner.stop();
    stopRepeats();
    measured.stop();
    await pgPool.end();
  };
};
