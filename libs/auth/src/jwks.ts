import { createPublicKey, type KeyObject } from 'node:crypto';
import { ShopError } from '@cartograph/errors';
import type { Jwk, JwkSet } from './signing-key.ts';

/** A kid that nobody knows makes us ask again at most this often, so that noise can't flood the source. */
const REFETCH_AFTER_MS = 30_000;

/** How old the known keys may get before they are asked for again. */
const REFRESH_AFTER_MS = 60_000;

/**
 * At what age known keys verify no longer. Longer than an outage that sessions may live through (a
 * minute without the revocation feed), and short enough that a key which leaked and was removed does
 * not verify for ever where only the address of the key set fails.
 */
const MAX_AGE_MS = 60 * 60_000;

/** When the keys have not even been asked for during so many refreshes, the asker waits for one. */
const IDLE_REFRESHES = 2;

/** What the key finder may be told; intervals are in milliseconds. */
export type JwksKeyFinderOptions = {
  readonly onFetchFailed: (error: unknown) => void;
  /** How old the known keys may get. Default one minute. */
  readonly refreshAfterMs?: number;
  /** At what age they verify no longer. Default one hour. */
  readonly maxAgeMs?: number;
  /** How long an unknown id does not make us ask again. Default 30 seconds. */
  readonly refetchAfterMs?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
};

const readSet = (set: JwkSet): Map<string, KeyObject> => {
  const toKey = (jwk: Jwk): KeyObject => createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const keys = new Map(set.keys.map((jwk) => [jwk.kid, toKey(jwk)]));
  // No user service is without a key: to believe this would refuse everybody.
  if (keys.size === 0) throw new Error('the key set is empty');
  return keys;
};

/**
 * Makes the look-up of public keys by key id. Keys are parsed once and kept: those that are known
 * go on verifying while the source is down, up to their greatest age. An unknown id fetches the set again, at most once in
 * 30 seconds. A set that is older than a minute is refreshed behind the request that met it, so that
 * a published key is known before it signs and a removed one is forgotten; without requests nothing
 * is fetched. Callers that meet wait for the same fetch.
 * @param fetchKeys reads the published set; a failure counts as one fetch and leaves the keys
 * @returns the key, or null when the set does not have it; throws ShopError UNAVAILABLE while no set
 * is to be had that is new enough to tell
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
  /** How long to leave a source alone that has just failed. */
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
      // While no key is known at all every request needs one: then the next may try at once.
      if (keys.size > 0) triedAt = now();
    }
  };
  const refetchOnce = (): Promise<void> =>
    (fetching ??= refetch().finally(() => {
      fetching = null;
    }));

  /** Starts a refresh when one is due; to be waited for only by the first who asks after a long while. */
  const refreshWhenStale = (): Promise<void> | null => {
    if (keys.size === 0 || now() - fetchedAt < refreshAfterMs) return null;
    const leftAloneMs = now() - triedAt;
    if (leftAloneMs < retryAfterMs) return null;
    const refresh = refetchOnce();
    // Keys that nobody asked about may be long removed: that they leaked must not go unnoticed. While
    // there are requests no set gets so old, nor does one wait for a source that is down.
    return leftAloneMs >= IDLE_REFRESHES * refreshAfterMs ? refresh : null;
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

/** Makes the function that reads a key set over HTTP, given up after 5 seconds. */
export const makeJwksFetcher = (url: string) => async (): Promise<JwkSet> => {
  const response = await fetch(url, {
    // It is this process that decides how old the set may get: a cache between would add its own age.
    headers: { 'cache-control': 'no-cache' },
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  return (await response.json()) as JwkSet;
};
