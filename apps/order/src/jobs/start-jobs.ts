import { startJobs as startWorkers } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import type { Orders } from '../domain/orders.ts';

/**
 * Runs the purges of the order service on a schedule. The work on orders is no job: see start-sweeper.ts.
 * @returns stops taking jobs, and waits for those in progress
 */
export const startJobs = (
  { idempotency }: Pick<Orders, 'idempotency'>,
  options: {
    databaseUrl: string;
    purgeEvents: () => Promise<void>;
    idempotencyRetentionMs: number;
    log: Logger;
  },
): Promise<() => Promise<void>> => {
  const { databaseUrl, purgeEvents, log } = options;
  return startWorkers({
    databaseUrl,
    log,
    tasks: {
      forget_answers: () => idempotency.purge(options.idempotencyRetentionMs),
      forget_events: purgeEvents,
    },
    times: { forget_answers: '*/10 * * * *', forget_events: '23 * * * *' },
    concurrency: 1,
  });
};
