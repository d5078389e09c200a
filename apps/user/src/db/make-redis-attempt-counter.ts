import type { Logger } from '@cartograph/logging';
import { makeRedis, type RedisClient } from '@cartograph/redis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { AttemptCounter } from '../domain/throttle.ts';
import { makeAttemptCounter, UNUSED } from './make-attempt-counter.ts';

/** A request does not wait longer than this for an attempt to be counted. */
const STORE_TIMEOUT_MS = 500;

/** Redis counts in windows of whole seconds; one of 0 would never end. */
const wholeSeconds = (ms: number): number => Math.ceil(ms / 1_000);

const makeClientCounter = (client: RedisClient): AttemptCounter =>
  makeAttemptCounter(
    new RateLimiterRedis({
      ...UNUSED,
      keyPrefix: 'cartograph:attempt',
      storeClient: client,
      useRedisPackage: true,
    }),
    wholeSeconds,
  );

/**
 * Counts in Redis, for all replicas together. While Redis does not work, each replica counts by
 * `insurance`: its limits hold, and are only not shared. The library has such an insurance, too, but
 * neither says that it is used nor ends a wait for a Redis that hangs.
 * @param options.onFailure receives each failure
 */
export const makeRedisAttemptCounter = (options: {
  readonly url: string;
  readonly log: Logger;
  readonly insurance: AttemptCounter;
  readonly onFailure: (error: unknown) => void;
}): { readonly counter: AttemptCounter; readonly close: () => Promise<void> } => {
  const { url, log, insurance, onFailure } = options;
  const redis = makeRedis({ url, name: 'user', log });
  const counters = new WeakMap<RedisClient, AttemptCounter>();

  /** A connection that was lost may be replaced by another client. */
  const counterOf = (client: RedisClient): AttemptCounter => {
    const counter = counters.get(client) ?? makeClientCounter(client);
    counters.set(client, counter);
    return counter;
  };

  const use = async <Result>(
    work: (counter: AttemptCounter) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await redis.run((client) => work(counterOf(client)), STORE_TIMEOUT_MS);
    } catch (error) {
      onFailure(error);
      return work(insurance);
    }
  };

  return {
    counter: {
      add: (key, windowMs) => use((counter) => counter.add(key, windowMs)),
      find: (key) => use((counter) => counter.find(key)),
      subtract: (key, windowMs) => use((counter) => counter.subtract(key, windowMs)),
      clear: (key) => use((counter) => counter.clear(key)),
    },
    close: redis.close,
  };
};
