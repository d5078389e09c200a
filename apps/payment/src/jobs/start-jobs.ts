import { startJobs as startWorkers, type Work } from '@cartograph/jobs';
import type { Logger } from '@cartograph/logging';
import { z } from 'zod';
import type { ProviderEvents } from '../domain/provider-events.ts';
import type { Refunds } from '../domain/refunds.ts';
import type { Settlement } from '../domain/settlement.ts';

/** A webhook of the simulator is dropped after this many attempts. */
const MAX_DELIVERIES = 5;

const subject = z.object({ id: z.string() });
const webhook = z.object({ body: z.string() });

/** A task whose payload is the id of a payment, a refund or an event. */
const forId =
  (work: (id: string) => Promise<void>): Work =>
  (payload) =>
    work(subject.parse(payload).id);

/**
 * Runs the jobs of the payment service, at least once each.
 * @returns stops taking jobs, and waits for those in progress
 */
export const startJobs = (options: {
  settlement: Settlement;
  refunds: Refunds;
  events: ProviderEvents;
  deliverWebhook: (body: string) => Promise<void>;
  purges: Readonly<Record<'answers' | 'events' | 'providerEvents', () => Promise<void>>>;
  databaseUrl: string;
  retryWindowMs: number;
  log: Logger;
}): Promise<() => Promise<void>> => {
  const { settlement, refunds, events, purges, databaseUrl, log } = options;
  return startWorkers({
    databaseUrl,
    log,
    retryWindowMs: options.retryWindowMs,
    // The names are stored in the databases, so they never change.
    tasks: {
      ask_provider: forId(settlement.poll),
      watch_decline: forId(settlement.pollDecline),
      tell_order: forId(settlement.notifyOrder),
      request_refund: forId(refunds.request),
      repay_debt: forId(refunds.repay),
      process_event: forId(events.process),
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
