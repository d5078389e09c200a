import type { Role } from '@cartograph/auth';
import type { Page, PageRequest } from '@cartograph/pagination';
import type { RefreshDecision, StoredRefreshToken } from './refresh-token.ts';
import type { ActiveSession, StoredSession } from './session.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Where sessions and their refresh tokens are stored. */
export type SessionStore = {
  /**
   * Inserts a session if the account still has this role and this password hash: a sign-in with the
   * old ones cannot pass a change of either. Revokes the oldest sessions beyond `maxSessions`.
   * @returns false when the role or the hash is another
   */
  readonly insertSession: (
    session: Omit<StoredSession, 'revokedAt'>,
    token: { readonly hash: Bytes; readonly expiresAt: Date },
    account: { readonly passwordHash: string; readonly role: Role },
    maxSessions: number,
  ) => Promise<boolean>;
  /**
   * Finds and locks a token and executes what `decide` returns, in one transaction. `now` is the time
   * when the token was locked: the request may have waited for that.
   * @returns the decision and its time, and the account and session of the token
   */
  readonly refresh: (
    hash: Bytes,
    decide: (stored: StoredRefreshToken | null, now: Date) => RefreshDecision,
  ) => Promise<{
    readonly decision: RefreshDecision;
    readonly now: Date;
    readonly stored: StoredRefreshToken | null;
  }>;
  /** Active sessions, the last used first, at most `limit`: those that can still be used. */
  readonly listSessions: (
    userId: string,
    now: Date,
    limit: number,
  ) => Promise<readonly ActiveSession[]>;
  /** A page of the active sessions, the latest sign-in first, from either end. */
  readonly pageSessions: (
    userId: string,
    now: Date,
    page: PageRequest<string>,
  ) => Promise<Page<ActiveSession>>;
  /** Which of these sessions are active. */
  readonly findActiveIds: (ids: readonly string[], now: Date) => Promise<readonly string[]>;
  readonly findSessionIdOfToken: (hash: Bytes) => Promise<string | null>;
  /** Revokes one session, or all of an account. @returns how many were revoked now */
  readonly endSessions: (
    which:
      { readonly userId: string; readonly sessionId?: string } | { readonly sessionId: string },
  ) => Promise<number>;
};
