import type { Role } from '@cartograph/auth';
import type { Problem } from '@cartograph/errors';
import type { Page, PageRequest } from '@cartograph/pagination';
import type { RefreshDecision, StoredRefreshToken } from './refresh-token.ts';
import type { ActiveSession, StoredSession } from './session.ts';
import type { User } from './user.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Where accounts are kept. */
export type UserStore = {
  /** @param options.isDemo of an account whose password is published: for `npm start` alone */
  readonly insertUser: (
    user: User,
    passwordHash: string,
    options?: { readonly isDemo: boolean },
  ) => Promise<User | Problem<'EMAIL_TAKEN'>>;
  readonly findUsers: (ids: readonly string[]) => Promise<readonly User[]>;
  /** The addresses of the accounts that `npm start` made, with passwords that are published. */
  readonly findDemoEmails: () => Promise<readonly string[]>;
  readonly findCredentials: (
    email: string,
  ) => Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  readonly updateName: (id: string, name: string | null) => Promise<User | null>;
  /**
   * Writes a new hash in place of `oldHash`, and in the same transaction ends the account's
   * sessions but one. @returns how many ended; null when the hash was changed in the meantime
   */
  readonly updatePassword: (change: {
    userId: string;
    oldHash: string;
    newHash: string;
    keepSessionId: string;
  }) => Promise<number | null>;
  /** Writes a dearer hash of the same password, unless the password was changed in the meantime. */
  readonly rehash: (userId: string, oldHash: string, newHash: string) => Promise<void>;
};

/** Where sessions and their refresh tokens are kept. */
export type SessionStore = {
  /**
   * Keeps a session of an account that still has this role, and whose password still has this hash,
   * so that a change of either and a sign-in with the old one can't pass each other. With it the
   * account has no more than `maxSessions`: the oldest are revoked.
   * @returns false when it has another
   */
  readonly insertSession: (
    session: Omit<StoredSession, 'revokedAt'>,
    token: { readonly hash: Bytes; readonly expiresAt: Date },
    account: { readonly passwordHash: string; readonly role: Role },
    maxSessions: number,
  ) => Promise<boolean>;
  /**
   * Finds a token, locks it, and does what `decide` says, in one transaction.
   * @returns the decision, and the account and session it is about
   */
  readonly refresh: (
    hash: Bytes,
    now: Date,
    decide: (stored: StoredRefreshToken | null) => RefreshDecision,
  ) => Promise<{ readonly decision: RefreshDecision; readonly stored: StoredRefreshToken | null }>;
  /** Sessions that have not ended, the last used first, `limit` at most. */
  readonly listSessions: (
    userId: string,
    now: Date,
    limit: number,
  ) => Promise<readonly ActiveSession[]>;
  /** A page of the sessions that have not ended, the latest sign-in first. */
  readonly pageSessions: (
    userId: string,
    now: Date,
    page: PageRequest<string>,
  ) => Promise<Page<ActiveSession>>;
  /** Which of these sessions have not ended. */
  readonly findActiveIds: (ids: readonly string[], now: Date) => Promise<readonly string[]>;
  readonly findSessionIdOfToken: (hash: Bytes) => Promise<string | null>;
  /** Ends one session, or all of an account. @returns how many ended now */
  readonly endSessions: (
    which:
      { readonly userId: string; readonly sessionId?: string } | { readonly sessionId: string },
  ) => Promise<number>;
};
