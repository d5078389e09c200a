import { makeBusinessMetrics, startEvents } from '@cartograph/events';
import type { Infrastructure } from '@cartograph/http';
import { makeIdempotency, makeIdempotencyStore } from '@cartograph/idempotency';
import type { Logger } from '@cartograph/logging';
import { makeServiceClient } from '@cartograph/resilience';
import {
  isUnreadableRow,
  makeFaultReporter,
  makeRemoteAuthentication,
  makeSubgraphServer,
  subgraphOptions,
} from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import { makePaymentProviders } from './clients/make-payment-providers.ts';
import { makeRemoteOrderService } from './clients/make-remote-order-service.ts';
import type { Config } from './config.ts';
import { makeLoaders, type Context } from './context.ts';
import { makeDatabase, type Database } from './db/make-database.ts';
import { makePrismaPaymentStore } from './db/make-prisma-payment-store.ts';
import { makePrismaProviderEventStore } from './db/make-prisma-provider-event-store.ts';
import { makePrismaRefundStore } from './db/make-prisma-refund-store.ts';
import { hideFaultyRows } from './db/rows.ts';
import type { PaymentProviders } from './domain/payment-provider.ts';
import { makePayments } from './domain/payments.ts';
import { makeProviderEvents } from './domain/provider-events.ts';
import { makeRefunds } from './domain/refunds.ts';
import { makeSettlement, type OrderService } from './domain/settlement.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { resolvers } from './resolvers/index.ts';

/** The fields of stored responses that are dates. */
const DATE_FIELDS = new Set(['createdAt']);

/** Wires the domain to the database, the providers and the log. */
const makeDomain = (deps: {
  database: Database;
  providers: PaymentProviders;
  orders: OrderService;
  log: Logger;
}) => {
  const { database, providers, orders, log } = deps;
  const store = makePrismaPaymentStore(database);
  const eventStore = makePrismaProviderEventStore(database);
  const idempotency = makeIdempotency(makeIdempotencyStore(database, 'subject_id'), {
    dateFields: DATE_FIELDS,
  });
  const settlement = makeSettlement({
    store,
    providers,
    orders,
    onLateCapture: (paymentId) =>
      log.warn({ payment_id: paymentId }, 'money captured after a decline, refunding it'),
  });
  const payments = makePayments({
    store,
    providers,
    settlement,
    onPending: (paymentId, error) =>
      log.warn({ payment_id: paymentId, err: error }, 'payment not settled, a job will poll it'),
  });
  const refunds = makeRefunds({
    payments: store,
    refunds: makePrismaRefundStore(database),
    providers,
    idempotency,
    onDeferred: (refundId, error) =>
      log.warn({ refund_id: refundId, err: error }, 'refund failed, a job will request it again'),
    onDeclined: (refundId, failureCode) =>
      log.error({ refund_id: refundId, failure_code: failureCode }, 'refund declined'),
  });
  const events = makeProviderEvents({
    events: eventStore,
    payments: store,
    providers,
    settlement,
    refunds,
  });
  return { settlement, payments, refunds, events, eventStore, idempotency };
};

/** Wires the payment service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const { databaseUrl } = config;
  const database = makeDatabase(config, (error) =>
    log.warn({ err: error }, 'database connection failed'),
  );
  const authentication = makeRemoteAuthentication(config, log);
  const order = makeServiceClient(config.order);
  const { providers, deliverWebhook, close } = makePaymentProviders(
    config.providers,
    databaseUrl,
    log,
  );
  const { settlement, payments, refunds, events, eventStore, idempotency } = makeDomain({
    database,
    providers,
    orders: makeRemoteOrderService(order),
    log,
  });
  const outbox = startEvents({
    databaseUrl,
    consumers: [makeBusinessMetrics()],
    nats: config.nats,
    retentionMs: config.eventRetentionMs,
    log,
  });
  const stopJobs = await startJobs({
    settlement,
    refunds,
    events,
    deliverWebhook,
    purges: {
      answers: () => idempotency.purge(config.idempotencyRetentionMs),
      events: outbox.purge,
      providerEvents: () => eventStore.purge(config.webhookRetentionMs),
    },
    databaseUrl,
    retryWindowMs: config.jobRetryWindowMs,
    log,
  });
  const reader = hideFaultyRows(
    { ...payments, ...refunds },
    makeFaultReporter(log),
    isUnreadableRow,
  );

  return makeSubgraphServer<Context>({
    ...subgraphOptions(config),
    infrastructure,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      payments,
      refunds,
      events,
      loaders: makeLoaders(reader),
    }),
    verifyToken: authentication.verifyToken,
    checkSession: authentication.checkSession,
    checks: { database: () => database.$queryRaw`SELECT 1` },
    close: async () => {
      await stopJobs();
      await outbox.close();
      await Promise.all([database.$disconnect(), authentication.close(), order.close(), close()]);
    },
  });
};
