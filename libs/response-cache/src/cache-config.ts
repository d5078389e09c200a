import { z } from 'zod';

/** What the response cache of a process may hold. */
export type CacheLimits = {
  /** How long a response is used, at most, in milliseconds; 0 switches the cache off. */
  readonly maxAgeMs: number;
  readonly entries: number;
  /** Bytes of all responses and their keys. */
  readonly bytes: number;
};

/** The limits by default: five seconds, as docs/decisions/0008 says. */
export const DEFAULT_CACHE_LIMITS: CacheLimits = {
  maxAgeMs: 5_000,
  entries: 5_000,
  bytes: 16 * 1024 * 1024,
};

const count = (min: number) => z.coerce.number().int().min(min);

/** The variables of CacheLimits. */
export const responseCacheEnv = {
  RESPONSE_CACHE_MAX_AGE_MS: count(0).default(DEFAULT_CACHE_LIMITS.maxAgeMs),
  RESPONSE_CACHE_MAX_ENTRIES: count(1).default(DEFAULT_CACHE_LIMITS.entries),
  RESPONSE_CACHE_MAX_BYTES: count(1).default(DEFAULT_CACHE_LIMITS.bytes),
};

/** Reads the limits of the response cache. */
export const readCacheLimits = (
  env: z.infer<z.ZodObject<typeof responseCacheEnv>>,
): CacheLimits => ({
  maxAgeMs: env.RESPONSE_CACHE_MAX_AGE_MS,
  entries: env.RESPONSE_CACHE_MAX_ENTRIES,
  bytes: env.RESPONSE_CACHE_MAX_BYTES,
});
