import type { Logger as Log } from '@cartograph/logging';
import { Logger, parseCronItems, run, type Task, type TaskList } from 'graphile-worker';
import { Pool } from 'pg';
import { z } from 'zod';
import { makeJobMetrics } from './job-metrics.ts';
import { keepLeases } from './keep-leases.ts';

/** The durable work of the payment service: each is told the id of what it is about. */
export type Work = Readonly<
  Record<
    'ask_provider' | 'tell_order' | 'request_refund' | 'process_event',
    (id: string) => Promise<void>
  >
>;

/**
 * The library waits e^attempts seconds after a failure: with no more attempts counted than these,
 * it never waits for longer than a minute.
 */
const COUNTED_ATTEMPTS = 4;

/** A webhook that nobody takes is given up, as by any provider. */
const DELIVERIES = 5;

/** A job is taken from a worker that does not end within this time: it may have died. */
const LEASE_MS = 20_000;

/** How late a job may be that was stored for later. */
const POLL_MS = 1_000;

const about = z.object({ id: z.string() });
const webhook = z.object({ body: z.string() });

/**
 * Does the durable work of the payment service, at least once each. What fails is tried again, with
 * growing pauses of a minute at most, until the patience ends: then it stays in the table, out of
 * attempts, for a person to see. Several processes share the work.
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = async (options: {
  work: Work;
  deliverWebhook: (body: string) => Promise<void>;
  /** Runs every hour. */
  tidy: () => Promise<void>;
  databaseUrl: string;
  patienceMs: number;
  log: Log;
}): Promise<() => Promise<void>> => {
  const { log, patienceMs } = options;
  const pgPool = new Pool({ connectionString: options.databaseUrl, max: 6 });
  const onLost = (error: Error) => log.warn({ err: error }, 'connection of the jobs lost');
  pgPool.on('error', onLost);
  pgPool.on('connect', (client) => client.on('error', onLost));

  const measured = makeJobMetrics();
  const untilDone =
    (work: (id: string) => Promise<void>): Task =>
    async (payload, { job }) => {
      measured.began(job);
      try {
        await work(about.parse(payload).id);
      } catch (error) {
        const { rows } = await pgPool.query<{ isFinal: boolean }>(
          `UPDATE graphile_worker._private_jobs SET attempts = CASE
             WHEN created_at < now() - make_interval(secs => $2) THEN max_attempts
             ELSE least(attempts, $3) END
           WHERE id = $1 RETURNING attempts >= max_attempts AS "isFinal"`,
          [job.id, patienceMs / 1_000, COUNTED_ATTEMPTS],
        );
        measured.failed(job, rows[0]?.isFinal ?? false);
        throw error;
      }
    };

  const deliver: Task = async (payload, { job }) => {
    const { body } = webhook.parse(payload);
    await options.deliverWebhook(body).catch((error: unknown) => {
      if (job.attempts < DELIVERIES) throw error;
      log.warn({ err: error }, 'webhook of the simulator given up');
    });
  };

  const taskList: TaskList = {
    ...Object.fromEntries(
      Object.entries(options.work).map(([name, work]) => [name, untilDone(work)]),
    ),
    deliver_webhook: deliver,
    tidy: options.tidy,
  };
  const runner = await run({
    pgPool,
    concurrency: 4,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList,
    parsedCronItems: parseCronItems([{ task: 'tidy', match: '17 * * * *' }]),
    logger: new Logger(() => (level, message) => {
      if (['error', 'warning'].includes(level)) log.warn({ detail: message }, 'job failed');
    }),
  });
  const stopLeases = keepLeases({ pgPool, leaseMs: LEASE_MS, log });
  return async () => {
    await stopLeases();
    await runner.stop();
    await pgPool.end();
  };
};
