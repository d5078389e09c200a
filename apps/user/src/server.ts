import {
  makeCallerVerifier,
  makeRouterVerifier,
  makeTokenSigner,
  makeTokenVerifier,
} from '@cartograph/auth';
import { ConfigError } from '@cartograph/config';
import type { Infrastructure } from '@cartograph/http';
import { isUnreadableRow, makeFaultReporter, makeSubgraphServer } from '@cartograph/subgraph';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { makeDatabase } from './db/make-database.ts';
import { makePrismaSessionStore } from './db/make-prisma-session-store.ts';
import { makePrismaUserStore } from './db/make-prisma-user-store.ts';
import { makePurges } from './db/purge-rows.ts';
import { makePasswordRule } from './domain/credentials.ts';
import { DEMO_EMAILS } from './domain/demo-accounts.ts';
import { hideFaultySessions, hideFaultyUsers } from './domain/display-fault.ts';
import { makeHashingShares } from './domain/hashing-shares.ts';
import { makePasswordHasher } from './domain/password-hasher.ts';
import { makeSessions } from './domain/sessions.ts';
import { makeUsers } from './domain/users.ts';
import { startPurge } from './jobs/start-purge.ts';
import { makeLoaders } from './loaders.ts';
import { openRevocations } from './open-revocations.ts';
import { openThrottle } from './open-throttle.ts';
import { resolvers } from './resolvers/index.ts';
import { watchKeyRing } from './watch-key-ring.ts';

/** Wires the user service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const keys = watchKeyRing(config.keys, {
    changed: ({ signingKey }) => log.info({ signing_kid: signingKey.kid }, 'keys reloaded'),
    failed: (error) => log.error({ err: error }, 'keys not reloaded, the former stay'),
  });
  const database = makeDatabase(config, (error) =>
    log.warn({ err: error }, 'database connection failed'),
  );
  const store = makePrismaUserStore(database);
  if (config.environment === 'production') {
    const demo = await store.findDemoEmails();
    if (demo.length > 0) {
      await database.$disconnect();
      throw new ConfigError(
        demo.map((email) => `the database holds the demo account ${email}, which npm start made`),
      );
    }
  }
  const { throttle, onRefused, close: closeThrottle } = openThrottle({ config, database, log });
  const revocations = openRevocations(config, log);
  const stopPurge = startPurge(makePurges(database, config.sessionRetentionMs), {
    intervalMs: config.purgeIntervalMs,
    log,
  });
  const sessions = makeSessions({
    store: makePrismaSessionStore(database, revocations.follower.add),
    signToken: (viewer, now, sessionEnd) => {
      const { signingKey } = keys.current();
      const sign = makeTokenSigner(signingKey, config.tokenScope, config.accessTokenLifetimeMs);
      return sign(viewer, now, sessionEnd);
    },
    lifetime: config.sessionLifetime,
    maxSessions: config.maxSessions,
    throttle,
    onReuse: (sessionId) => log.warn({ session_id: sessionId }, 'refresh token reused'),
  });
  const users = makeUsers({
    store: makePrismaUserStore(database, revocations.follower.add),
    sessions,
    hasher: await makePasswordHasher(config.hashing),
    shares: makeHashingShares({ limits: config.hashingShares, onRefused }),
    passwordRule: makePasswordRule(config.allowedPasswords),
    reservedEmails: config.environment === 'production' ? DEMO_EMAILS : new Set(),
    throttle,
  });
  const report = makeFaultReporter(log);
  const readable = {
    users: hideFaultyUsers(users, report, isUnreadableRow),
    sessions: hideFaultySessions(sessions, report),
  };
  const app = await makeSubgraphServer<Context>({
    name: config.name,
    infrastructure,
    httpLimits: config.httpLimits,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      users: readable.users,
      sessions: readable.sessions,
      revocations: revocations.feed,
      loaders: makeLoaders(readable.users),
    }),
    // The keys that the others fetch are at hand here.
    verifyToken: makeTokenVerifier(async (kid) => keys.current().findKey(kid), config.tokenScope),
    checkSession: revocations.follower.check,
    verifyCaller: makeCallerVerifier(config.callerSecrets),
    verifyRouter: makeRouterVerifier(config.routerSecrets),
    operationLimits: config.operationLimits,
    checks: { database: () => database.$queryRaw`SELECT 1` },
    close: async () => {
      keys.close();
      await stopPurge();
      await revocations.close();
      await closeThrottle();
      await database.$disconnect();
    },
  });
  app.addHook('preClose', async () => revocations.stop());
  app.get('/.well-known/jwks.json', (_request, reply) =>
    reply
      .header('cache-control', `public, max-age=${Math.floor(config.jwksRefreshMs / 1000)}`)
      .type('application/jwk-set+json')
      .send(JSON.stringify(keys.current().jwks)),
  );
  return app;
};
