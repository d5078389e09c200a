import type { Sweeper } from '@cartograph/due';
import { startEvents } from '@cartograph/events';
import type { Infrastructure } from '@cartograph/http';
import { makeIdempotency, makeIdempotencyStore } from '@cartograph/idempotency';
import type { Logger } from '@cartograph/logging';
import { openPool } from '@cartograph/postgres';
import { makeServiceClient } from '@cartograph/resilience';
import {
  isUnreadableRow,
  makeFaultReporter,
  makeRemoteAuthentication,
  makeSubgraphServer,
  subgraphOptions,
} from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { countWebhooks } from './clients/count-webhooks.ts';
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
import { startSweeper } from './jobs/start-sweeper.ts';
import { resolvers } from './resolvers/index.ts';

/** The statements of a sweeper take milliseconds: its steps share few connections. */
const SWEEP_CONNECTIONS = 4;

/** The fields of stored responses that are dates. */
const DATE_FIELDS = new Set(['createdAt']);

/** Wires the domain to the database, the providers and the log. */
const makeDomain = (deps: {
  database: Database;
  pool: Pool;
  providers: PaymentProviders;
  orders: OrderService;
  onDue: () => void;
  log: Logger;
}) => {
  const { database, pool, providers, orders, onDue, log } = deps;
  const store = makePrismaPaymentStore(database, pool);
  const eventStore = makePrismaProviderEventStore(database, pool);
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
      log.warn({ payment_id: paymentId, err: error }, 'payment not settled, it is polled later'),
  });
  const refunds = makeRefunds({
    payments: store,
    refunds: makePrismaRefundStore(database, pool),
    providers,
    idempotency,
    onDeferred: (refundId, error) =>
      log.warn({ refund_id: refundId, err: error }, 'refund failed, it is requested again later'),
    onDeclined: (refundId, failureCode) =>
      log.error({ refund_id: refundId, failure_code: failureCode }, 'refund declined'),
  });
  const events = makeProviderEvents({
    events: eventStore,
    payments: store,
    providers,
    settlement,
    refunds,
    onDue,
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
  const {
    database,
    pool,
    close: closeDatabase,
  } = makeDatabase(config, (error) => log.warn({ err: error }, 'database connection failed'));
  const authentication = makeRemoteAuthentication(config, log);
  const order = makeServiceClient(config.order);
  const { providers, deliverWebhook, close } = await makePaymentProviders(
    config.providers,
    databaseUrl,
    infrastructure,
  );
  let sweep: Sweeper | null = null;
  const { settlement, payments, refunds, events, eventStore, idempotency } = makeDomain({
    database,
    pool,
    providers,
    orders: makeRemoteOrderService(order),
    onDue: () => sweep?.wake(),
    log,
  });
  const outbox = await startEvents({
    source: '/payment',
    databaseUrl,
    nats: config.nats,
    retentionMs: config.eventRetentionMs,
    log,
  });
  const sweepPool = openPool({
    name: 'sweeper',
    databaseUrl,
    max: SWEEP_CONNECTIONS,
    onLost: (error) => log.warn({ err: error }, 'connection of the sweeper lost'),
  });
  const stopJobs = await startJobs({
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
  sweep = startSweeper({
    settlement,
    refunds,
    events,
    pool: sweepPool,
    retryWindowMs: config.jobRetryWindowMs,
    log,
  });
  const counted = countWebhooks(events);
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
      events: counted,
      loaders: makeLoaders(reader),
    }),
    verifyToken: authentication.verifyToken,
    checkSession: authentication.checkSession,
    checks: { database: () => pool.query('SELECT 1') },
    close: async () => {
      await Promise.all([sweep?.stop(), stopJobs()]);
      await sweepPool.end();
      await outbox.close();
      await Promise.all([closeDatabase(), authentication.close(), order.close(), close()]);
    },
  });
};
