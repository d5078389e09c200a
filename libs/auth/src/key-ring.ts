import { createPublicKey, type KeyObject } from 'node:crypto';
import { parseKeyFile } from './key-file.ts';
import { readSigningKey, type JwkSet, type SigningKey } from './signing-key.ts';

/** The keys of the user service: one signs, all verify. */
export type KeyRing = {
  readonly signingKey: SigningKey;
  /** The key set to publish: every key that verifies, also the next and the former ones. */
  readonly jwks: JwkSet;
  /** The public key of that id, or null. */
  readonly findKey: (kid: string) => KeyObject | null;
  /** Whether these keys were made for development: production must not use them. */
  readonly isDevelopment: boolean;
};

const makeRing = (
  signingKey: SigningKey,
  all: readonly SigningKey[],
  isDevelopment: boolean,
): KeyRing => {
  const publicKeys = new Map(all.map(({ kid, key }) => [kid, createPublicKey(key)]));
  return {
    signingKey,
    jwks: { keys: all.map(({ jwk }) => jwk) },
    findKey: (kid) => publicKeys.get(kid) ?? null,
    isDevelopment,
  };
};

/**
 * Makes the ring of a single key.
 * @throws when the PEM holds no RSA key of at least 2048 bits
 */
export const makeSingleKeyRing = (pem: string): KeyRing => {
  const key = readSigningKey(pem);
  return makeRing(key, [key], false);
};

/**
 * Makes the ring of the keys in a key file.
 * @throws KeyFileError, which never repeats the contents
 */
export const readKeyRing = (text: string): KeyRing => {
  const file = parseKeyFile(text);
  const keys = file.keys.map(({ pem, state }) => ({ state, key: readSigningKey(pem) }));
  const signing = keys.find(({ state }) => state === 'signing');
  if (!signing) throw new Error('parseKeyFile accepts no file without a signing key');
  return makeRing(
    signing.key,
    keys.map(({ key }) => key),
    file.purpose === 'development',
  );
};
