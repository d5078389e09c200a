import { startJobs as startWorkers } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';

/**
 * Runs the jobs of the product service. Expired reservations need no job: a sweep polls
 * their rows.
 * @returns stops taking jobs, and waits for running ones
 */
export const startJobs = (options: {
  databaseUrl: string;
  forgetEvents: () => Promise<void>;
  log: Logger;
}): Promise<() => Promise<void>> =>
  startWorkers({
    databaseUrl: options.databaseUrl,
    log: options.log,
    tasks: { forget_events: options.forgetEvents },
    times: { forget_events: '23 * * * *' },
    concurrency: 1,
  });
