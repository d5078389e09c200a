import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { SessionLifetime, StoredSession } from './session.ts';
import type { User } from './user.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A new refresh token. Only its hash is stored. */
export type RefreshToken = { readonly token: string; readonly hash: Bytes };

/** A refresh token, as it is stored. */
export type StoredRefreshToken = {
  readonly session: StoredSession;
  readonly user: User;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly successor: Uint8Array | null;
};

/** What to do with a presented token. */
export type RefreshDecision =
  | { readonly kind: 'refuse' }
  /** It was reused after the grace period: the whole family ends (RFC 9700, section 4.14.2). */
  | { readonly kind: 'revoke' }
  /** The response may have been lost: return the same successor again. */
  | { readonly kind: 'repeat'; readonly token: string; readonly expiresAt: Date }
  | {
      readonly kind: 'rotate';
      readonly token: string;
      readonly hash: Bytes;
      readonly expiresAt: Date;
      /** The new token, encrypted with the old one. */
      readonly successor: Bytes;
    };

/** Reuse within this time is a client whose response was lost, not a thief. */
export const REUSE_GRACE_MS = 10_000;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The hash that is stored. A token is 32 random bytes, so its plain SHA-256 cannot be reversed. */
export const hashRefreshToken = (token: string): Bytes =>
  new Uint8Array(createHash('sha256').update(token).digest());

/** Makes a refresh token of 256 random bits. */
export const makeRefreshToken = (): RefreshToken => {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashRefreshToken(token) };
};

const encryptionKey = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', 'cartograph refresh successor', 32));

/** Encrypts the successor of a token with the token itself, which is not stored. */
const encrypt = (token: string, successor: string): Bytes => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(token), nonce);
  const text = Buffer.concat([cipher.update(successor), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), text]));
};

const decrypt = (token: string, encrypted: Uint8Array): string => {
  const nonce = encrypted.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(token), nonce);
  decipher.setAuthTag(encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = decipher.update(encrypted.subarray(NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString();
};

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** When a token made now expires: after the idle time, but never after its session. */
export const refreshTokenExpiry = (now: Date, sessionEnd: Date, lifetime: SessionLifetime): Date =>
  earlier(new Date(now.getTime() + lifetime.idleMs), sessionEnd);

/**
 * Decides what to do with a presented token. It is called under a lock on the row: of any number of
 * concurrent calls, one rotates the token and the others repeat its successor.
 */
export const decideRefresh = (
  token: string,
  stored: StoredRefreshToken | null,
  now: Date,
  lifetime: SessionLifetime,
): RefreshDecision => {
  if (!stored || stored.session.revokedAt || stored.session.expiresAt <= now) {
    return { kind: 'refuse' };
  }
  const expiresAt = refreshTokenExpiry(now, stored.session.expiresAt, lifetime);
  if (!stored.usedAt) {
    if (stored.expiresAt <= now) return { kind: 'refuse' };
    const next = makeRefreshToken();
    return { kind: 'rotate', ...next, expiresAt, successor: encrypt(token, next.token) };
  }
  if (!stored.successor || now.getTime() - stored.usedAt.getTime() > REUSE_GRACE_MS) {
    return { kind: 'revoke' };
  }
  return {
    kind: 'repeat',
    token: decrypt(token, stored.successor),
    expiresAt: refreshTokenExpiry(stored.usedAt, stored.session.expiresAt, lifetime),
  };
};
