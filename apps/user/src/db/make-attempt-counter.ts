import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { AttemptCounter } from '../domain/throttle.ts';

/** The domain passes points and duration with every call; the library does not use these. */
export const UNUSED = { points: 1, duration: 1, keyPrefix: '' } as const;

const toSeconds = (ms: number): number => ms / 1_000;

/**
 * Counts attempts by a limiter of the library.
 * @param secondsOf the window in seconds, in whole ones where the store needs that
 */
export const makeAttemptCounter = (
  limiter: RateLimiterAbstract,
  secondsOf: (windowMs: number) => number = toSeconds,
): AttemptCounter => ({
  add: async (key, windowMs) => {
    const counted = await limiter.penalty(key, 1, { customDuration: secondsOf(windowMs) });
    return { used: counted.consumedPoints, endsInMs: counted.msBeforeNext };
  },

  find: async (key) => {
    const found = await limiter.get(key);
    return found && { used: found.consumedPoints, endsInMs: found.msBeforeNext };
  },

  subtract: async (key, windowMs) => {
    const left = await limiter.reward(key, 1, { customDuration: secondsOf(windowMs) });
    // The count may have ended in between. A count below zero would allow one attempt too many.
    if (left.consumedPoints <= 0) await limiter.delete(key);
  },

  clear: async (key) => {
    await limiter.delete(key);
  },
});
