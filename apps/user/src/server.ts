import { makeTokenSigner, makeTokenVerifier } from '@cartograph/auth';
import { ConfigError } from '@cartograph/config';
import type { Infrastructure } from '@cartograph/http';
import type { Logger } from '@cartograph/logging';
import { followRevocations, MAX_REVOKED_IDS } from '@cartograph/sessions';
import {
  isUnreadableRow,
  makeFaultReporter,
  makeSubgraphServer,
  subgraphOptions,
} from '@cartograph/subgraph';
import { metrics } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config.ts';
import { makeLoaders, type Context } from './context.ts';
import { makeDatabase, type Database } from './db/make-database.ts';
import { makePrismaSessionStore } from './db/make-prisma-session-store.ts';
import { makePrismaUserStore } from './db/make-prisma-user-store.ts';
import { makePurges } from './db/make-purges.ts';
import { makeRevocationStore } from './db/make-revocation-store.ts';
import { makeThrottleStore } from './db/make-throttle-store.ts';
import { hideFaultySessions, hideFaultyUsers } from './db/rows.ts';
import { makeHashingShares } from './domain/hashing-shares.ts';
import { makePasswordRule } from './domain/input.ts';
import { makePasswordHasher } from './domain/password-hasher.ts';
import { makeRevocationFeed } from './domain/revocation-feed.ts';
import { makeSessions } from './domain/sessions.ts';
import { makeThrottle, THROTTLED_OPERATIONS, type ThrottledOperation } from './domain/throttle.ts';
import { DEMO_EMAILS } from './domain/user.ts';
import { makeUsers } from './domain/users.ts';
import { startJobs } from './jobs/start-jobs.ts';
import { watchKeyRing } from './jobs/watch-key-ring.ts';
import { resolvers } from './resolvers/index.ts';

/** A request in progress may sign a token this long after its session was revoked. */
const SIGNING_MARGIN_MS = 60_000;

/** Wires the revocation feed, and follows it as the other services do, without HTTP. */
const openRevocations = (config: Config, log: Logger) => {
  const keepMs = config.accessTokenLifetimeMs + SIGNING_MARGIN_MS;
  const store = makeRevocationStore(config.databaseUrl, keepMs, (error) =>
    log.warn({ err: error }, 'connection of the revocation feed lost'),
  );
  const feed = makeRevocationFeed({ store, keepMs, maxIds: MAX_REVOKED_IDS });
  const follower = followRevocations({
    read: feed.read,
    limits: config.sessionStaleness,
    log,
  });
  const close = async () => {
    follower.close();
    feed.close();
    await store.close();
  };
  return { feed, follower, close };
};

/** Wires the throttle to its stores and its metric. */
const openThrottle = (config: Config, database: Database, log: Logger) => {
  const { store, secret, rules } = config.throttle;
  const onFailure = (error: unknown): void => log.error({ err: error }, 'throttle store failed');
  const throttled = metrics
    .getMeter('cartograph.user')
    .createCounter('shop.auth.throttled', { description: 'Attempts refused without a check.' });
  for (const operation of THROTTLED_OPERATIONS) throttled.add(0, { operation });
  const onRefused = (operation: ThrottledOperation): void => {
    throttled.add(1, { operation });
    log.info({ operation }, 'attempt throttled');
  };
  const { close, ...stores } = makeThrottleStore({
    store,
    databaseUrl: config.databaseUrl,
    database,
    log,
    onFailure,
  });
  const throttle = makeThrottle({ ...stores, rules, secret, onRefused, onFailure });
  return { throttle, onRefused, close };
};

/** @throws ConfigError in production, when the database has accounts with published passwords */
const refuseDemoAccounts = async (config: Config, database: Database): Promise<void> => {
  if (config.environment !== 'production') return;
  const demo = await makePrismaUserStore(database).findDemoEmails();
  if (demo.length === 0) return;
  await database.close();
  throw new ConfigError(
    demo.map((email) => `the database holds the demo account ${email}, which npm start made`),
  );
};

/** Wires the user service. Nothing listens yet. */
export const makeServer = async ({
  config,
  ...infrastructure
}: Infrastructure & { readonly config: Config }): Promise<FastifyInstance> => {
  const { log } = infrastructure;
  const keys = watchKeyRing(config.keys, {
    changed: ({ signingKey }) => log.info({ signing_kid: signingKey.kid }, 'keys reloaded'),
    failed: (error) => log.error({ err: error }, 'key reload failed, previous keys in use'),
  });
  const database = makeDatabase(config, (error) =>
    log.warn({ err: error }, 'database connection failed'),
  );
  await refuseDemoAccounts(config, database);
  const { throttle, onRefused, close: closeThrottle } = openThrottle(config, database, log);
  const revocations = openRevocations(config, log);
  const stopJobs = startJobs({
    purges: makePurges(database, config.sessionRetentionMs),
    intervalMs: config.purgeIntervalMs,
    log,
  });
  const sessions = makeSessions({
    store: makePrismaSessionStore(
      database,
      // Without a refresh, a session is used by its refresh token or its last access token.
      Math.max(config.sessionLifetime.idleMs, config.accessTokenLifetimeMs),
      revocations.follower.add,
    ),
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
    ...subgraphOptions(config),
    infrastructure,
    schema: new URL('../schema.graphql', import.meta.url),
    resolvers,
    makeContext: (request) => ({
      ...request,
      users: readable.users,
      sessions: readable.sessions,
      revocations: revocations.feed,
      loaders: makeLoaders(readable.users),
    }),
    // This service has the keys that the others fetch.
    verifyToken: makeTokenVerifier(async (kid) => keys.current().findKey(kid), config.tokenScope),
    checkSession: revocations.follower.check,
    checks: { database: () => database.pool.query('SELECT 1') },
    close: async () => {
      keys.close();
      await stopJobs();
      await revocations.close();
      await closeThrottle();
      await database.close();
    },
  });
  app.addHook('preClose', async () => revocations.feed.close());
  app.get('/.well-known/jwks.json', (_request, reply) =>
    reply
      .header('cache-control', `public, max-age=${Math.floor(config.jwksRefreshMs / 1000)}`)
      .type('application/jwk-set+json')
      .send(JSON.stringify(keys.current().jwks)),
  );
  return app;
};
