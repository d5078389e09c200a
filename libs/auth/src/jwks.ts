import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Jwk, JwkSet } from './signing-key.ts';

/** A kid that nobody knows makes us ask again at most this often, so that noise can't flood the source. */
const REFETCH_AFTER_MS = 30_000;

const toKeyObject = (jwk: Jwk): KeyObject => createPublicKey({ key: { ...jwk }, format: 'jwk' });

/**
 * Makes the look-up of public keys by key id. Keys are parsed once and kept: those that are known
 * go on verifying while the source is down. An unknown id fetches the set again, at most once in
 * 30 seconds, and callers that meet wait for the same fetch.
 * @param fetchKeys reads the published set; a failure counts as one fetch and leaves the keys
 */
export const makeJwksKeyFinder = (
  fetchKeys: () => Promise<JwkSet>,
  options: {
    onFetchFailed: (error: unknown) => void;
    now?: () => number;
  },
): ((kid: string) => Promise<KeyObject | null>) => {
  const now = options.now ?? Date.now;
  let keys = new Map<string, KeyObject>();
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  const refetch = async (): Promise<void> => {
    try {
      const set = await fetchKeys();
      keys = new Map(set.keys.map((jwk) => [jwk.kid, toKeyObject(jwk)]));
      fetchedAt = now();
    } catch (error) {
      options.onFetchFailed(error);
      // While no key is known at all every request needs one: then the next may try at once.
      if (keys.size > 0) fetchedAt = now();
    } finally {
      fetching = null;
    }
  };

  return async (kid) => {
    const known = keys.get(kid);
    if (known) return known;
    if (now() - fetchedAt >= REFETCH_AFTER_MS) await (fetching ??= refetch());
    return keys.get(kid) ?? null;
  };
};

/** Makes the function that reads a key set over HTTP, given up after 5 seconds. */
export const makeJwksFetcher = (url: string) => async (): Promise<JwkSet> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  return (await response.json()) as JwkSet;
};
