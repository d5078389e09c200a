import { startReleaseSweep } from '@cartograph/due';
import { startEvents } from '@cartograph/events';
import type { Infrastructure } from '@cartograph/http';
import {
  makeRemoteAuthentication,
  makeSubgraphServer,
  subgraphOptions,
  makeFaultReporter,
} from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { makeLoaders, type Context } from './context.ts';
import { closeCatalogue, makeReservationPool, openCatalogue } from './db/make-database.ts';
import { makePostgresReservationStore } from './db/make-postgres-reservation-store.ts';
import { makeReservationMetrics } from './db/reservation-metrics.ts';
import { makePrismaProductStore } from './db/make-prisma-product-store.ts';
import { makePrismaStockLedger } from './db/make-prisma-stock-ledger.ts';
import { makeProducts } from './domain/products.ts';
import { makeReservations } from './domain/reservations.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { resolvers } from './resolvers/index.ts';

/** Wires the product service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const onConnectionFailure = (error: unknown): void =>
    log.warn({ err: error }, 'database connection failed');
  const catalogue = openCatalogue(config, onConnectionFailure);
  // Reservations have connections of their own: an order never waits for browsing.
  const reservationPool = makeReservationPool(
    { ...config, databasePoolSize: config.reservationPoolSize },
    onConnectionFailure,
  );
  const authentication = makeRemoteAuthentication(config, log);
  const report = makeFaultReporter(log);
  const products = makeProducts(
    makePrismaProductStore(catalogue, { lowStock: config.lowStock, report }),
  );
  const reservations = makeReservations(
    makePostgresReservationStore(reservationPool, config.lowStock, makeReservationMetrics()),
  );
  const ledger = makePrismaStockLedger(catalogue.database, report);
  const events = await startEvents({
    source: '/product',
    databaseUrl: config.databaseUrl,
    nats: config.nats,
    retentionMs: config.eventRetentionMs,
    log,
  });
  const stopJobs = await startJobs({
    databaseUrl: config.databaseUrl,
    forgetEvents: events.purge,
    log,
  });
  const stopSweep = startReleaseSweep({
    release: reservations.releaseExpired,
    of: 'expired reservations',
    intervalMs: config.reservationSweepMs,
    log,
  });

  return makeSubgraphServer<Context>({
    ...subgraphOptions(config),
    infrastructure,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      products,
      reservations,
      ledger,
      loaders: makeLoaders(products),
    }),
    verifyToken: authentication.verifyToken,
    checkSession: authentication.checkSession,
    // The process is ready while it can serve orders, even if browsing has used up its connections.
    checks: { database: () => reservationPool.query('SELECT 1') },
    close: async () => {
      await stopSweep();
      await stopJobs();
      await events.close();
      await Promise.all([closeCatalogue(catalogue), reservationPool.end(), authentication.close()]);
    },
  });
};
