import { createHash, randomBytes } from 'node:crypto';
import type { User } from './user.ts';

/** A sign-in, as the client gets it: the tokens, and whose they are. */
export type Session = {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly user: User;
};

/** How long a session lives, in milliseconds. */
export type SessionLifetime = {
  /** Without a refresh. */
  readonly idleMs: number;
  /** At the most. */
  readonly absoluteMs: number;
};

/** A session and its first refresh token, as they are stored. */
export type NewSession = {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly refreshTokenHash: Uint8Array<ArrayBuffer>;
  readonly refreshTokenExpiresAt: Date;
};

/** Makes a refresh token: 32 random bytes, so that its plain SHA-256 can be kept in its place. */
export const makeRefreshToken = (): { token: string; hash: Uint8Array<ArrayBuffer> } => {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashRefreshToken(token) };
};

/** What is stored of a refresh token. */
export const hashRefreshToken = (token: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(token).digest());
