import { openPool } from '@cartograph/postgres';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { AttemptCounter, KnownAddresses } from '../domain/throttle.ts';
import type { Database } from './make-database.ts';

const TABLE = 'attempt_counts';

/** A request does not wait longer than this for an attempt to be counted. */
const STORE_TIMEOUT_MS = 2_000;

/** Connections for counting, in addition to those of the service's own queries. */
const POOL_SIZE = 4;

// The domain passes points and duration with every call; the library does not use these.
const UNUSED = { points: 1, duration: 1, keyPrefix: '' } as const;

const makeCounter = (limiter: RateLimiterAbstract): AttemptCounter => ({
  add: async (key, windowMs) => {
    const counted = await limiter.penalty(key, 1, { customDuration: windowMs / 1_000 });
    return { used: counted.consumedPoints, endsInMs: counted.msBeforeNext };
  },

  find: async (key) => {
    const found = await limiter.get(key);
    return found && { used: found.consumedPoints, endsInMs: found.msBeforeNext };
  },

  subtract: async (key, windowMs) => {
    const left = await limiter.reward(key, 1, { customDuration: windowMs / 1_000 });
    // The count may have ended in between. A count below zero would allow one attempt too many.
    if (left.consumedPoints <= 0) await limiter.delete(key);
  },

  clear: async (key) => {
    await limiter.delete(key);
  },
});

/** Counts in the memory of this process. Each replica counts separately. */
export const makeMemoryAttemptCounter = (): AttemptCounter =>
  makeCounter(new RateLimiterMemory(UNUSED));

/**
 * Counts in the user database, for all replicas together. It has its own connections, so that a
 * flood of attempts does not block other queries.
 */
const makePostgresAttemptCounter = (databaseUrl: string, onLost: (error: unknown) => void) => {
  const pool = openPool({
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
  return { counter: makeCounter(limiter), close: () => pool.end() };
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

/**
 * Makes the stores of the throttle. Attempts are counted in memory or in Postgres; known addresses
 * are always in Postgres.
 * @param options.onLost receives the error of a connection that broke while it was idle
 */
export const makeThrottleStore = (options: {
  store: 'memory' | 'postgres';
  databaseUrl: string;
  database: Database;
  onLost: (error: unknown) => void;
}): {
  readonly counter: AttemptCounter;
  readonly known: KnownAddresses;
  readonly close: () => Promise<void>;
} => ({
  known: makePrismaKnownAddresses(options.database),
  ...(options.store === 'postgres'
    ? makePostgresAttemptCounter(options.databaseUrl, options.onLost)
    : { counter: makeMemoryAttemptCounter(), close: async () => undefined }),
});
