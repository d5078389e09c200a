import { openPool } from '@cartograph/postgres';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import type { AttemptCounter } from '../domain/throttle.ts';

const TABLE = 'attempt_counts';

/** Counting that takes longer than this is worth less than the answer that waits for it. */
const STORE_TIMEOUT_MS = 2_000;

/** Connections that counting takes beside those of the service's own queries. */
const POOL_SIZE = 4;

/** What `limiter` counts, limits aside: those are the domain's. */
const makeCounter = (limiter: RateLimiterAbstract): AttemptCounter => ({
  add: async (key, windowMs) => {
    const counted = await limiter.penalty(key, 1, { customDuration: windowMs / 1_000 });
    return { used: counted.consumedPoints, endsInMs: counted.msBeforeNext };
  },

  find: async (key) => {
    const found = await limiter.get(key);
    return found && { used: found.consumedPoints, endsInMs: found.msBeforeNext };
  },

  giveBack: async (key, windowMs) => {
    const left = await limiter.reward(key, 1, { customDuration: windowMs / 1_000 });
    // The count may have ended in between: what is below zero would be a try more for somebody.
    if (left.consumedPoints <= 0) await limiter.delete(key);
  },

  clear: async (key) => {
    await limiter.delete(key);
  },
});

// Points and duration are the domain's, said with every call; these are never looked at.
const UNUSED = { points: 1, duration: 1, keyPrefix: '' } as const;

/** Counts in the memory of this process: another replica counts for itself. */
export const makeMemoryAttemptCounter = (): AttemptCounter =>
  makeCounter(new RateLimiterMemory(UNUSED));

/**
 * Counts in the user database, for all replicas together. It has connections of its own: a flood
 * waits here, not in front of everybody's queries.
 * @param onError is told of connections that broke while nobody used them
 */
export const makePostgresAttemptCounter = (
  databaseUrl: string,
  onError: (error: unknown) => void,
): AttemptCounter & { readonly close: () => Promise<void> } => {
  const pool = openPool({
    databaseUrl,
    max: POOL_SIZE,
    connectTimeoutMs: STORE_TIMEOUT_MS,
    queryTimeoutMs: STORE_TIMEOUT_MS,
    onLost: onError,
  });
  const limiter = new RateLimiterPostgres({
    ...UNUSED,
    storeClient: pool,
    storeType: 'pool',
    tableName: TABLE,
    // A migration made it.
    tableCreated: true,
    // The purge deletes what has ended, in batches.
    clearExpiredByTimeout: false,
  });
  return { ...makeCounter(limiter), close: () => pool.end() };
};
