import { CLOCK_SKEW_S } from './access-token.ts';
import type { KeyEntry, KeyFile } from './key-file.ts';
import { readSigningKey } from './signing-key.ts';

/** A step of the rotation that is not possible now; the message says why and when it is. */
export class RotationError extends Error {
  override readonly name = 'RotationError';
}

const makeEntry = (pem: string, state: KeyEntry['state'], now: Date): KeyEntry => ({
  kid: readSigningKey(pem).kid,
  pem,
  state,
  since: now.toISOString(),
});

/** Makes a file of one key, which signs immediately: no other key has signed before. */
export const makeKeyFile = (pem: string, now: Date, purpose?: 'development'): KeyFile => ({
  ...(purpose && { purpose }),
  keys: [makeEntry(pem, 'signing', now)],
});

/** Adds a key that verifiers fetch before it signs. */
export const publishKey = (file: KeyFile, pem: string, now: Date): KeyFile => ({
  ...file,
  keys: [...file.keys, makeEntry(pem, 'published', now)],
});

/**
 * Makes the newest published key the signing key. The former one still verifies.
 * @param waitMs how long a key must have been published, so that every verifier knows it
 * @throws RotationError when there is no such key, or it is too new
 */
export const signWithNewest = (file: KeyFile, now: Date, waitMs: number): KeyFile => {
  const next = file.keys
    .filter(({ state }) => state === 'published')
    .toSorted((one, other) => Date.parse(one.since) - Date.parse(other.since))
    .at(-1);
  if (!next) throw new RotationError('No key is published: publish one first.');
  const waitedMs = now.getTime() - Date.parse(next.since);
  if (waitedMs < waitMs) {
    const seconds = Math.ceil((waitMs - waitedMs) / 1000);
    throw new RotationError(
      `Key ${next.kid} is too new for every verifier to know it: sign in ${seconds} s.`,
    );
  }
  const since = now.toISOString();
  const advance = (key: KeyEntry): KeyEntry => {
    if (key === next) return { ...key, state: 'signing', since };
    return key.state === 'signing' ? { ...key, state: 'retired', since } : key;
  };
  return { ...file, keys: file.keys.map(advance) };
};

/**
 * When a retired key has no unexpired token any more.
 * @param tokenLifetimeMs how long an access token is valid
 * @param waitMs how long after `since` a process may still have signed with it
 */
export const removableAt = (key: KeyEntry, tokenLifetimeMs: number, waitMs: number): Date =>
  new Date(Date.parse(key.since) + tokenLifetimeMs + waitMs + CLOCK_SKEW_S * 1000);

/** Removes the retired keys that have no unexpired token any more. */
export const removeRetired = (
  file: KeyFile,
  now: Date,
  times: { readonly tokenLifetimeMs: number; readonly waitMs: number },
): KeyFile => {
  const isRemovable = (key: KeyEntry): boolean =>
    key.state === 'retired' && removableAt(key, times.tokenLifetimeMs, times.waitMs) <= now;
  return { ...file, keys: file.keys.filter((key) => !isRemovable(key)) };
};

/**
 * Removes a key that leaked. Its tokens are refused.
 * @throws RotationError when it is the signing key, or not in the file
 */
export const removeKey = (file: KeyFile, kid: string): KeyFile => {
  const key = file.keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new RotationError(`There is no key ${kid}.`);
  if (key.state === 'signing') {
    throw new RotationError(`Key ${kid} signs: let another one sign first.`);
  }
  return { ...file, keys: file.keys.filter((other) => other !== key) };
};
