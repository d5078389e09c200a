import { startJobs as startWorkers, type Work } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import { z } from 'zod';
import type { JobName } from '../db/jobs.ts';
import type { Orders } from '../domain/orders.ts';

const ofOrder = z.object({ orderId: z.string() });
const ofAttempt = ofOrder.extend({ attempt: z.number() });

/**
 * Does the durable work of the order service, at least once each.
 * @returns stops taking jobs, and waits for those under way
 */
export const startJobs = (
  { completion, answers }: Pick<Orders, 'completion' | 'answers'>,
  options: {
    databaseUrl: string;
    forgetEvents: () => Promise<void>;
    idempotencyRetentionMs: number;
    log: Logger;
  },
): Promise<() => Promise<void>> => {
  const { databaseUrl, forgetEvents, log } = options;
  const work: Record<JobName, Work> = {
    resolve_order: (job) => completion.resolve(ofOrder.parse(job).orderId),
    settle_order: (job) => completion.settle(ofOrder.parse(job).orderId),
    refund_payment: (job) => {
      const { orderId, attempt } = ofAttempt.parse(job);
      return completion.refund(orderId, attempt);
    },
  };
  return startWorkers({
    databaseUrl,
    log,
    tasks: {
      ...work,
      forget_answers: () => answers.purge(options.idempotencyRetentionMs),
      forget_events: forgetEvents,
    },
    times: { forget_answers: '*/10 * * * *', forget_events: '23 * * * *' },
    concurrency: 2,
  });
};
