import { EventEmitter } from 'node:events';
import type { Logger as Log } from '@cartograph/logging';
import { Logger, parseCronItems, run, type Task, type TaskList } from 'graphile-worker';
import { Pool } from 'pg';
import { z } from 'zod';
import type { JobName } from '../db/jobs.ts';
import type { Orders } from '../domain/orders.ts';
import { keepLeases } from './keep-leases.ts';
import { observeJobs } from './observe-jobs.ts';

const ofOrder = z.object({ orderId: z.string() });
const ofAttempt = ofOrder.extend({ attempt: z.number() });

/**
 * The library waits e^attempts seconds after a failure: with no more attempts counted than these,
 * it never waits for longer than a minute.
 */
const COUNTED_ATTEMPTS = 4;

/** How long failed work is tried again, before it is left to a person (npm run jobs). */
const PATIENCE_MS = 12 * 60 * 60_000;

/** A job is taken from a worker that does not end within this time: it may have died. */
const LEASE_MS = 20_000;

/** How late a job may be that was stored for later. */
const POLL_MS = 1_000;

/**
 * Does the durable work of the order service, at least once each. What fails is tried again, with
 * growing pauses of a minute at most, until the patience ends: then it stays in the table, out of
 * attempts, for a person to see. Several processes share the work.
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = async (
  { completion, answers }: Pick<Orders, 'completion' | 'answers'>,
  options: { databaseUrl: string; log: Log },
): Promise<() => Promise<void>> => {
  const { log } = options;
  const pgPool = new Pool({ connectionString: options.databaseUrl, max: 5 });
  const onLost = (error: Error) => log.warn({ err: error }, 'connection of the jobs lost');
  pgPool.on('error', onLost);
  pgPool.on('connect', (client) => client.on('error', onLost));

  const untilDone =
    (work: (payload: unknown) => Promise<unknown>): Task =>
    async (payload, { job }) => {
      try {
        await work(payload);
      } catch (error) {
        await pgPool.query(
          `UPDATE graphile_worker._private_jobs SET attempts = CASE
             WHEN created_at < now() - make_interval(secs => $2) THEN max_attempts
             ELSE least(attempts, $3) END
           WHERE id = $1`,
          [job.id, PATIENCE_MS / 1_000, COUNTED_ATTEMPTS],
        );
        throw error;
      }
    };

  const work: Record<JobName, Task> = {
    resolve_order: untilDone((job) => completion.resolve(ofOrder.parse(job).orderId)),
    settle_order: untilDone((job) => completion.settle(ofOrder.parse(job).orderId)),
    refund_payment: untilDone((job) => {
      const { orderId, attempt } = ofAttempt.parse(job);
      return completion.refund(orderId, attempt);
    }),
  };
  const taskList: TaskList = { ...work, forget_answers: answers.forgetOld };
  const events = new EventEmitter();
  observeJobs(events);
  const runner = await run({
    pgPool,
    concurrency: 2,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList,
    events,
    parsedCronItems: parseCronItems([{ task: 'forget_answers', match: '*/10 * * * *' }]),
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
