import type { Logger } from '@cartograph/logging';
import { openPool } from '@cartograph/postgres';
import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import type { AttemptCounter, KnownAddresses } from '../domain/throttle.ts';
import { makeAttemptCounter, UNUSED } from './make-attempt-counter.ts';
import type { Database } from './make-database.ts';
import { makeRedisAttemptCounter } from './make-redis-attempt-counter.ts';

const TABLE = 'attempt_counts';

/** A request does not wait longer than this for an attempt to be counted. */
const STORE_TIMEOUT_MS = 2_000;

/** Connections for counting, in addition to those of the service's own queries. */
const POOL_SIZE = 4;

/** Counts in the memory of this process. Each replica counts separately. */
export const makeMemoryAttemptCounter = (): AttemptCounter =>
  makeAttemptCounter(new RateLimiterMemory(UNUSED));

/**
 * Counts in the user database, for all replicas together. It has its own connections, so that a
 * flood of attempts does not block other queries.
 */
const makePostgresAttemptCounter = (databaseUrl: string, onLost: (error: unknown) => void) => {
  const pool = openPool({
    name: 'throttle',
    databaseUrl,
    max: POOL_SIZE,
    connectTimeoutMs: STORE_TIMEOUT_MS,
    queryTimeoutMs: STORE_TIMEOUT_MS,
    onLost,
  });
  const limiter = new RateLimiterPostgres({
    ...UNUSED,
    storeClient: pool,
    storeType: 'pool',
    tableName: TABLE,
    // A migration made it.
    tableCreated: true,
    // The purge deletes ended counts, in batches.
    clearExpiredByTimeout: false,
  });
  return { counter: makeAttemptCounter(limiter), close: () => pool.end() };
};

/** Stores in the user database which accounts were signed in from which addresses. */
export const makePrismaKnownAddresses = ({ prisma }: Database): KnownAddresses => ({
  remember: async (key, until) => {
    await prisma.knownAddress.upsert({
      where: { key },
      create: { key, expiresAt: until },
      update: { expiresAt: until },
    });
  },

  isKnown: async (key, now) => {
    const row = await prisma.knownAddress.findFirst({ where: { key, expiresAt: { gt: now } } });
    return row !== null;
  },
});

/** Where attempts are counted. */
type CounterPlace =
  { readonly kind: 'memory' | 'postgres' } | { readonly kind: 'redis'; readonly url: string };

type ThrottleStoreOptions = {
  readonly store: CounterPlace;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly log: Logger;
  /** Receives failures that no attempt reports: of an idle connection, and of Redis. */
  readonly onFailure: (error: unknown) => void;
};

const openCounter = ({ store, databaseUrl, log, onFailure }: ThrottleStoreOptions) => {
  if (store.kind === 'postgres') return makePostgresAttemptCounter(databaseUrl, onFailure);
  const memory = makeMemoryAttemptCounter();
  return store.kind === 'redis'
    ? makeRedisAttemptCounter({ url: store.url, log, insurance: memory, onFailure })
    : { counter: memory, close: async () => undefined };
};

/**
 * Makes the stores of the throttle. Attempts are counted in memory, in Postgres or in Redis; known
 * addresses are always in Postgres.
 */
export const makeThrottleStore = (
  options: ThrottleStoreOptions,
): {
  readonly counter: AttemptCounter;
  readonly known: KnownAddresses;
  readonly close: () => Promise<void>;
} => ({ known: makePrismaKnownAddresses(options.database), ...openCounter(options) });
