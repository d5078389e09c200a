import { makeIdempotency, makeIdempotencyStore } from '@cartograph/idempotency';
import type { Logger } from '@cartograph/logging';
import type { Database } from './db/make-database.ts';
import { makePrismaPaymentStore } from './db/make-prisma-payment-store.ts';
import {
  forgetProviderEvents,
  makePrismaProviderEventStore,
} from './db/make-prisma-provider-event-store.ts';
import { makePrismaRefundStore } from './db/make-prisma-refund-store.ts';
import { makeDecisions } from './domain/ask-provider.ts';
import type { OrderService } from './domain/order-service.ts';
import type { Providers } from './domain/payment-provider.ts';
import { makePayments } from './domain/payments.ts';
import { makeProviderEvents } from './domain/provider-events.ts';
import { makeRefunds } from './domain/refunds.ts';
import type { Work } from './jobs/start-jobs.ts';

/** The fields of answers that are dates. */
const DATE_FIELDS = new Set(['createdAt']);

/** Wires the rules of payments to the database, the providers and the log. */
export const makeRules = (deps: {
  database: Database;
  providers: Providers;
  orders: OrderService;
  log: Logger;
}) => {
  const { database, providers, log } = deps;
  const store = makePrismaPaymentStore(database);
  const answers = makeIdempotency(makeIdempotencyStore(database, 'subject_id'), {
    dateFields: DATE_FIELDS,
  });

  const decisions = makeDecisions({
    store,
    providers,
    onContradiction: (paymentId) =>
      log.warn({ payment_id: paymentId }, 'money taken after a decline, giving it back'),
  });
  const payments = makePayments({
    store,
    providers,
    decisions,
    onUndecided: (paymentId, error) =>
      log.warn({ payment_id: paymentId, err: error }, 'payment not decided at once'),
  });
  const refunds = makeRefunds({
    payments: store,
    refunds: makePrismaRefundStore(database),
    providers,
    answers,
    onDeferred: (refundId, error) =>
      log.warn({ refund_id: refundId, err: error }, 'refund not given at once'),
    onDeclined: (refundId, failureCode) =>
      log.error({ refund_id: refundId, failure_code: failureCode }, 'refund declined'),
  });
  const events = makeProviderEvents({
    events: makePrismaProviderEventStore(database),
    payments: store,
    providers,
    decisions,
    refunds,
  });

  const work: Work = {
    ask_provider: decisions.decide,
    watch_decline: decisions.watchDecline,
    tell_order: async (paymentId) => {
      const [payment] = await store.findPayments([paymentId]);
      if (!payment) throw new Error('a stored payment is gone');
      await deps.orders.tellDecided(payment.orderId);
    },
    request_refund: refunds.request,
    repay_debt: refunds.repay,
    process_event: events.process,
  };
  return {
    payments,
    refunds,
    events,
    work,
    forgetAnswers: answers.purge,
    forgetProviderEvents: (retentionMs: number) => forgetProviderEvents(database, retentionMs),
  };
};
