import type { User } from './user.ts';

/** A sign-in, as the client gets it: the tokens, and whose they are. */
export type Session = {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly user: User;
};

/** A sign-in, as its owner sees it in a list. */
export type ActiveSession = {
  readonly id: string;
  readonly userId: string;
  /** What the client called itself. */
  readonly device: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
};

/** A sign-in, as it is stored. */
export type StoredSession = ActiveSession & {
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
};

/** How long a session lives, in milliseconds. */
export type SessionLifetime = {
  /** Without a refresh. */
  readonly idleMs: number;
  /** At the most. */
  readonly absoluteMs: number;
};
