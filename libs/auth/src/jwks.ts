import { createPublicKey, type KeyObject } from 'node:crypto';
import { ShopError } from '@cartograph/errors';
import type { Jwk, JwkSet } from './signing-key.ts';

/** An unknown `kid` causes a fetch at most this often, so that forged tokens cannot flood the source. */
const REFETCH_AFTER_MS = 30_000;

/** At what age the known keys are refreshed. */
const REFRESH_AFTER_MS = 60_000;

/**
 * At what age known keys are not used any more. It is longer than an outage that sessions survive (a
 * minute without the revocation feed). A leaked and removed key stops verifying even if fetching the
 * key set fails for ever.
 */
const MAX_AGE_MS = 60 * 60_000;

/** After this many refresh intervals without a fetch, a request waits for the refresh. */
const IDLE_REFRESHES = 2;

/** How long a fetch may take. */
const FETCH_TIMEOUT_MS = 5_000;

/** Options of the key finder; intervals are in milliseconds. */
export type JwksKeyFinderOptions = {
  readonly onFetchFailed: (error: unknown) => void;
  /** At what age the known keys are refreshed. Default one minute. */
  readonly refreshAfterMs?: number;
  /** At what age they are not used any more. Default one hour. */
  readonly maxAgeMs?: number;
  /** How often an unknown id may cause a fetch. Default 30 seconds. */
  readonly refetchAfterMs?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
};

const readSet = (set: JwkSet): Map<string, KeyObject> => {
  const toKey = (jwk: Jwk): KeyObject => createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const keys = new Map(set.keys.map((jwk) => [jwk.kid, toKey(jwk)]));
  // The user service always has a key. An empty set would refuse every token.
  if (keys.size === 0) throw new Error('the key set is empty');
  return keys;
};

/**
 * Makes the function that finds public keys by key id. Known keys stay in use while the source is
 * down, up to their maximum age. An unknown id fetches the set again, at most once in 30 seconds. A
 * set that is older than a minute is refreshed in the background of a request, so that a published
 * key is known before it signs and a removed key is dropped. Without requests nothing is fetched.
 * Concurrent callers share one fetch.
 * @param fetchKeys reads the published set; after a failure the known keys stay
 * @returns the key, or null when the set does not have it; throws ShopError UNAVAILABLE while there
 * is no set below the maximum age
 */
export const makeJwksKeyFinder = (
  fetchKeys: () => Promise<JwkSet>,
  options: JwksKeyFinderOptions,
): ((kid: string) => Promise<KeyObject | null>) => {
  const {
    refreshAfterMs = REFRESH_AFTER_MS,
    refetchAfterMs = REFETCH_AFTER_MS,
    maxAgeMs = MAX_AGE_MS,
    now = () => performance.now(),
  } = options;
  /** How long to wait after a failed fetch. */
  const retryAfterMs = Math.min(refreshAfterMs, refetchAfterMs);
  let keys = new Map<string, KeyObject>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  const refetch = async (): Promise<void> => {
    const sentAt = now();
    try {
      keys = readSet(await fetchKeys());
      fetchedAt = sentAt;
      triedAt = now();
    } catch (error) {
      options.onFetchFailed(error);
      // While no key is known, every request needs one, so the next one may try immediately.
      if (keys.size > 0) triedAt = now();
    }
  };
  const refetchOnce = (): Promise<void> =>
    (fetching ??= refetch().finally(() => {
      fetching = null;
    }));

  /** Starts a refresh when it is due. @returns it when the request must wait for it */
  const refreshWhenStale = (): Promise<void> | null => {
    if (keys.size === 0 || now() - fetchedAt < refreshAfterMs) return null;
    const sinceTriedMs = now() - triedAt;
    if (sinceTriedMs < retryAfterMs) return null;
    const refresh = refetchOnce();
    // After a long time without requests, a known key may be a removed one that leaked. With steady
    // requests the set never gets so old, so they never wait for a source that is down.
    return sinceTriedMs >= IDLE_REFRESHES * refreshAfterMs ? refresh : null;
  };

  const isTooOld = (): boolean => now() - fetchedAt > maxAgeMs;

  return async (kid) => {
    const refresh = refreshWhenStale();
    if (refresh) await refresh;
    const known = isTooOld() ? undefined : keys.get(kid);
    if (known) return known;
    if (fetching) await fetching;
    else if (now() - triedAt >= refetchAfterMs) await refetchOnce();
    if (isTooOld()) throw new ShopError('UNAVAILABLE');
    return keys.get(kid) ?? null;
  };
};

/**
 * Makes the function that reads a key set over HTTP.
 * @param timeoutMs how long it may take, with its body. Default 5 seconds.
 */
export const makeJwksFetcher =
  (url: string, timeoutMs = FETCH_TIMEOUT_MS) =>
  async (): Promise<JwkSet> => {
    const response = await fetch(url, {
      // A cache in between would add its own age to the set.
      headers: { 'cache-control': 'no-cache' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`the key set responded with ${response.status}`);
    return (await response.json()) as JwkSet;
  };
