import type { Logger as Log } from '@cartograph/logging';
import { Logger, run, type TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { JobName } from '../db/jobs.ts';
import type { OrderCompletion } from '../domain/complete-order.ts';

const payload = z.object({ orderId: z.string() });

/**
 * Does the durable work of the order service, at least once each, with growing pauses after a
 * failure. Several processes share the work.
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = async (
  completion: OrderCompletion,
  options: { databaseUrl: string; log: Log },
): Promise<() => Promise<void>> => {
  const { log } = options;
  const tasks: Record<JobName, (orderId: string) => Promise<void>> = {
    resolve_order: completion.resolve,
    settle_order: completion.settle,
  };
  const taskList: TaskList = Object.fromEntries(
    Object.entries(tasks).map(([name, work]) => [
      name,
      (job: unknown) => work(payload.parse(job).orderId),
    ]),
  );
  const runner = await run({
    connectionString: options.databaseUrl,
    maxPoolSize: 4,
    concurrency: 2,
    noHandleSignals: true,
    taskList,
    logger: new Logger(() => (level, message) => {
      if (['error', 'warning'].includes(level)) log.warn({ detail: message }, 'job failed');
    }),
  });
  return () => runner.stop();
};
