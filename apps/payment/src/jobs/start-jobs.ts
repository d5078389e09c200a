import { startJobs as startWorkers } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import { z } from 'zod';

/** A webhook of the simulator is dropped after this many attempts. */
const MAX_DELIVERIES = 5;

const webhook = z.object({ body: z.string() });

/**
 * Runs the jobs of the payment service, at least once each: purges, and the webhooks of the simulator.
 * What payments and refunds have left to do is no job: see startSweeper.
 * @returns stops taking jobs, and waits for those in progress
 */
export const startJobs = (options: {
  deliverWebhook: (body: string) => Promise<void>;
  purges: Readonly<Record<'answers' | 'events' | 'providerEvents', () => Promise<void>>>;
  databaseUrl: string;
  retryWindowMs: number;
  log: Logger;
}): Promise<() => Promise<void>> => {
  const { purges, databaseUrl, log } = options;
  return startWorkers({
    databaseUrl,
    log,
    retryWindowMs: options.retryWindowMs,
    // The names are stored in the databases, so they never change.
    tasks: {
      deliver_webhook: (payload) => options.deliverWebhook(webhook.parse(payload).body),
      forget_answers: purges.answers,
      forget_events: purges.events,
      forget_provider_events: purges.providerEvents,
    },
    tries: { deliver_webhook: MAX_DELIVERIES },
    times: {
      forget_answers: '*/10 * * * *',
      forget_events: '23 * * * *',
      forget_provider_events: '43 * * * *',
    },
    concurrency: 4,
  });
};
