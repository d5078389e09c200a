import { startJobs as startWorkers } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';

/**
 * Does the durable work of the product service. Expired holds are no part of it: their rows say
 * what is to be done, and the sweep finds them (sweep-reservations.ts).
 * @returns stops taking jobs, and waits for those under way
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
