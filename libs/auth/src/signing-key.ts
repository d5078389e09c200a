import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** A public key in the format of RFC 7517. */
export type Jwk = {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: 'RS256';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
};

/** The key set that the user service publishes (RFC 7517, section 5). */
export type JwkSet = { readonly keys: readonly Jwk[] };

/** A private key that signs access tokens, with its key id and public key. */
export type SigningKey = { readonly kid: string; readonly key: KeyObject; readonly jwk: Jwk };

/**
 * Reads a PKCS #8 RSA key. The key id is the RFC 7638 thumbprint of the public key, so that a key has
 * the same id in every process.
 * @throws when the PEM holds no RSA key of at least 2048 bits
 */
export const readSigningKey = (pem: string): SigningKey => {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    throw new Error('the signing key must be an RSA key of at least 2048 bits');
  }
  const { n, e } = createPublicKey(key).export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new Error('the signing key has no public key');
  const kid = createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
  return { kid, key, jwk: { kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e } };
};
