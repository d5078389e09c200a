import type { User } from './user.ts';

/** A session as a client receives it: the tokens and their account. */
export type Session = {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly user: User;
};

/** A session as its owner sees it in a list. */
export type ActiveSession = {
  readonly id: string;
  readonly userId: string;
  /** The name that the client gave itself. */
  readonly device: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
};

/** A session as it is stored. */
export type StoredSession = ActiveSession & {
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
};

/** How long a session lasts, in milliseconds. */
export type SessionLifetime = {
  /** Without a refresh. */
  readonly idleMs: number;
  /** With refreshes. */
  readonly absoluteMs: number;
};
