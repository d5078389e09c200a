import { makeCallerVerifier } from '@cartograph/auth';
import type { Infrastructure } from '@cartograph/http';
import { makeJwksTokenVerifier, makeSessionCheck, makeSubgraphServer } from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import { makeSimulator } from './clients/make-simulator.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { makeDatabase } from './db/make-database.ts';
import { makePrismaPaymentStore } from './db/make-prisma-payment-store.ts';
import { makePayments } from './domain/payments.ts';
import { makeLoaders } from './loaders.ts';
import { resolvers } from './resolvers/index.ts';

/** Wires the payment service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const database = makeDatabase(config);
  const sessions = makeSessionCheck(config.users, log);
  const payments = makePayments(
    makePrismaPaymentStore(database),
    makeSimulator(config.simulatorSeed),
  );

  return makeSubgraphServer<Context>({
    name: config.name,
    infrastructure,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({ ...request, payments, loaders: makeLoaders(payments) }),
    verifyToken: makeJwksTokenVerifier(config, log),
    isActive: sessions.isActive,
    verifyCaller: makeCallerVerifier(config.callerSecrets),
    checks: { database: () => database.$queryRaw`SELECT 1` },
    close: async () => {
      await Promise.all([database.$disconnect(), sessions.close()]);
    },
  });
};
