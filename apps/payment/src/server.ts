import { makeCallerVerifier, makeRouterVerifier } from '@cartograph/auth';
import { makeBusinessMetrics, startEvents } from '@cartograph/events';
import type { Infrastructure } from '@cartograph/http';
import { makeServiceClient } from '@cartograph/resilience';
import {
  followRemoteSessions,
  isUnreadableRow,
  makeFaultReporter,
  makeJwksTokenVerifier,
  makeSubgraphServer,
} from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import { makeRemoteOrderService } from './clients/make-remote-order-service.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { makeDatabase } from './db/make-database.ts';
import { hideFaultyPayments } from './domain/display-fault.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { makeLoaders } from './loaders.ts';
import { makeRules } from './make-rules.ts';
import { openProviders } from './open-providers.ts';
import { resolvers } from './resolvers/index.ts';

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
  const sessions = followRemoteSessions(config, log);
  const order = makeServiceClient(config.order);
  const { providers, deliverWebhook, close } = openProviders(config.providers, databaseUrl, log);
  const {
    payments,
    refunds,
    events: providerEvents,
    work,
    forgetAnswers,
    forgetProviderEvents,
  } = makeRules({
    database,
    providers,
    orders: makeRemoteOrderService(order),
    log,
  });
  const events = startEvents({
    databaseUrl,
    consumers: [makeBusinessMetrics()],
    nats: config.nats,
    retentionMs: config.eventRetentionMs,
    log,
  });
  const stopJobs = await startJobs({
    work,
    deliverWebhook,
    forgetAnswers: () => forgetAnswers(config.idempotencyRetentionMs),
    forgetEvents: events.purge,
    forgetProviderEvents: () => forgetProviderEvents(config.webhookRetentionMs),
    databaseUrl,
    patienceMs: config.jobPatienceMs,
    log,
  });

  const readable = hideFaultyPayments(
    { ...payments, ...refunds },
    makeFaultReporter(log),
    isUnreadableRow,
  );

  return makeSubgraphServer<Context>({
    name: config.name,
    infrastructure,
    httpLimits: config.httpLimits,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      payments,
      refunds,
      events: providerEvents,
      loaders: makeLoaders(readable),
    }),
    verifyToken: makeJwksTokenVerifier(config, log),
    checkSession: sessions.check,
    verifyCaller: makeCallerVerifier(config.callerSecrets),
    verifyRouter: makeRouterVerifier(config.routerSecrets),
    operationLimits: config.operationLimits,
    checks: { database: () => database.$queryRaw`SELECT 1` },
    close: async () => {
      await stopJobs();
      await events.close();
      await Promise.all([database.$disconnect(), sessions.close(), order.close(), close()]);
    },
  });
};
