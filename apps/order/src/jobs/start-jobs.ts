import { startJobs as startWorkers, type Work } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import { z } from 'zod';
import type { JobName } from '../db/jobs.ts';
import type { Orders } from '../domain/orders.ts';

const orderPayload = z.object({ orderId: z.string() });
const attemptPayload = orderPayload.extend({ attempt: z.number() });

/**
 * Runs the jobs of the order service, at least once each.
 * @returns stops taking jobs, and waits for those in progress
 */
export const startJobs = (
  { completion, idempotency }: Pick<Orders, 'completion' | 'idempotency'>,
  options: {
    databaseUrl: string;
    purgeEvents: () => Promise<void>;
    idempotencyRetentionMs: number;
    log: Logger;
  },
): Promise<() => Promise<void>> => {
  const { databaseUrl, purgeEvents, log } = options;
  const work: Record<JobName, Work> = {
    resolve_order: (job) => completion.resolve(orderPayload.parse(job).orderId),
    settle_order: (job) => completion.settle(orderPayload.parse(job).orderId),
    refund_payment: (job) => {
      const { orderId, attempt } = attemptPayload.parse(job);
      return completion.refund(orderId, attempt);
    },
  };
  return startWorkers({
    databaseUrl,
    log,
    tasks: {
      ...work,
      forget_answers: () => idempotency.purge(options.idempotencyRetentionMs),
      forget_events: purgeEvents,
    },
    times: { forget_answers: '*/10 * * * *', forget_events: '23 * * * *' },
    concurrency: 2,
  });
};
