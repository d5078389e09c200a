import { startJobs as startWorkers, type Work as Task } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import { z } from 'zod';

/** The durable work of the payment service: each is told the id of what it is about. */
export type Work = Readonly<
  Record<
    | 'ask_provider'
    | 'watch_decline'
    | 'tell_order'
    | 'request_refund'
    | 'repay_debt'
    | 'process_event',
    (id: string) => Promise<void>
  >
>;

/** A webhook that nobody takes is given up, as by any provider. */
const DELIVERIES = 5;

const about = z.object({ id: z.string() });
const webhook = z.object({ body: z.string() });

/**
 * Does the durable work of the payment service, at least once each.
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = (options: {
  work: Work;
  deliverWebhook: (body: string) => Promise<void>;
  forgetAnswers: () => Promise<void>;
  forgetEvents: () => Promise<void>;
  forgetProviderEvents: () => Promise<void>;
  databaseUrl: string;
  patienceMs: number;
  log: Logger;
}): Promise<() => Promise<void>> => {
  const { databaseUrl, patienceMs, log } = options;
  const work = Object.entries(options.work).map(([name, act]): [string, Task] => [
    name,
    (payload) => act(about.parse(payload).id),
  ]);
  return startWorkers({
    databaseUrl,
    log,
    retryWindowMs: patienceMs,
    tasks: {
      ...Object.fromEntries(work),
      deliver_webhook: (payload) => options.deliverWebhook(webhook.parse(payload).body),
      forget_answers: options.forgetAnswers,
      forget_events: options.forgetEvents,
      forget_provider_events: options.forgetProviderEvents,
    },
    tries: { deliver_webhook: DELIVERIES },
    times: {
      forget_answers: '*/10 * * * *',
      forget_events: '23 * * * *',
      forget_provider_events: '43 * * * *',
    },
    concurrency: 4,
  });
};
