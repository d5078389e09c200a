import { startReleaseSweep } from '@cartograph/due';
import { startEvents } from '@cartograph/events';
import type { Infrastructure } from '@cartograph/http';
import { makeIdempotencyStore } from '@cartograph/idempotency';
import { makeServiceClient } from '@cartograph/resilience';
import {
  isUnreadableRow,
  makeFaultReporter,
  makeRemoteAuthentication,
  makeSubgraphServer,
  subgraphOptions,
} from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import { makeRemotePaymentClient } from './clients/make-remote-payment-client.ts';
import { makeRemoteCatalogueReader } from './clients/make-remote-catalogue-reader.ts';
import { makeRemoteInventoryClient } from './clients/make-remote-inventory-client.ts';
import type { Config } from './config.ts';
import { makeItemCount, makeLoaders, type Context } from './context.ts';
import { makeDatabase } from './db/make-database.ts';
import { makePrismaHoldStore } from './db/make-prisma-hold-store.ts';
import { makePrismaOrderStore } from './db/make-prisma-order-store.ts';
import { hideFaultyOrders } from './db/rows.ts';
import { makeOrders } from './domain/orders.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { startSweeper } from './jobs/start-sweeper.ts';
import { resolvers } from './resolvers/index.ts';

/** How late an abandoned hold may be released. */
const HOLD_SWEEP_MS = 5_000;

/** Wires the order service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const database = makeDatabase(config, (error) =>
    log.warn({ err: error }, 'database connection failed'),
  );
  const authentication = makeRemoteAuthentication(config, log);
  const product = makeServiceClient(config.product);
  const payment = makeServiceClient(config.payment);
  const orders = makeOrders({
    store: makePrismaOrderStore(database),
    idempotencyStore: makeIdempotencyStore(database.raw, 'order_id'),
    catalogue: makeRemoteCatalogueReader(product),
    inventory: makeRemoteInventoryClient(product),
    payments: makeRemotePaymentClient(payment),
    holds: makePrismaHoldStore(database),
    times: config.times,
    limits: config.limits,
    onSettleDeferred: (orderId, error) =>
      log.warn({ order_id: orderId, err: error }, 'stock not settled, sweeper will retry'),
  });
  const readable = hideFaultyOrders(orders, makeFaultReporter(log), isUnreadableRow);
  const events = await startEvents({
    source: '/order',
    databaseUrl: config.databaseUrl,
    nats: config.nats,
    retentionMs: config.eventRetentionMs,
    log,
  });
  const stopJobs = await startJobs(orders, {
    databaseUrl: config.databaseUrl,
    purgeEvents: events.purge,
    idempotencyRetentionMs: config.idempotencyRetentionMs,
    log,
  });

  const stopHoldSweep = startReleaseSweep({
    release: orders.releaseAbandoned,
    of: 'abandoned holds',
    intervalMs: HOLD_SWEEP_MS,
    log,
  });
  const stopSweeper = startSweeper(orders, { databaseUrl: config.databaseUrl, log });

  return makeSubgraphServer<Context>({
    ...subgraphOptions(config),
    infrastructure,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      orders: readable,
      loaders: makeLoaders(readable),
      countItems: makeItemCount(),
    }),
    verifyToken: authentication.verifyToken,
    checkSession: authentication.checkSession,
    checks: { database: () => database.raw.$queryRawUnsafe('SELECT 1') },
    close: async () => {
      await Promise.all([stopHoldSweep(), stopSweeper()]);
      await stopJobs();
      await events.close();
      await Promise.all([
        database.close(),
        authentication.close(),
        product.close(),
        payment.close(),
      ]);
    },
  });
};
