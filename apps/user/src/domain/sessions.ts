import type { AccessToken, Viewer } from '@cartograph/auth';
import {
  problem,
  ShopError,
  validationFailed,
  type Problem,
  type ValidationFailed,
} from '@cartograph/errors';
import type { Page, PageRequest } from '@cartograph/pagination';
import { isWithin } from '@cartograph/validation';
import { v7 as makeId } from 'uuid';
import {
  decideRefresh,
  hashRefreshToken,
  makeRefreshToken,
  refreshTokenExpiry,
} from './refresh-token.ts';
import type { SessionStore } from './session-store.ts';
import type { ActiveSession, Session, SessionLifetime } from './session.ts';
import type { Throttle, TooManyAttempts } from './throttle.ts';
import type { User } from './user.ts';

/** Characters that are stored of the name that a client gives itself. */
const DEVICE_MAX = 200;

/** Longer than any refresh token. */
const MAX_REFRESH_TOKEN = 200;

/** The list without pages has at most this many. */
const MAX_LISTED = 100;

/** The operations on sessions. */
export type Sessions = {
  /**
   * @param passwordHash the hash that the password was just verified against
   * @returns null when the password or the role was changed in the meantime
   */
  readonly open: (
    user: User,
    device: string | null,
    passwordHash: string,
  ) => Promise<Session | null>;
  /**
   * Exchanges a refresh token for its one successor. Reuse within ten seconds returns the same
   * successor; later reuse ends the family.
   */
  readonly refresh: (
    token: string,
    address: string | null,
  ) => Promise<Session | Problem<'INVALID_REFRESH_TOKEN'> | TooManyAttempts>;
  /**
   * Ends the session of a refresh token, or without one the session of the access token.
   * @returns 0 when the session has ended before
   * @throws ShopError UNAUTHENTICATED when there is neither
   */
  readonly end: (token: string | null, viewer: Viewer | null) => Promise<number | ValidationFailed>;
  readonly endOne: (
    viewer: Viewer,
    sessionId: string,
  ) => Promise<number | Problem<'SESSION_NOT_FOUND'>>;
  readonly endAll: (viewer: Viewer) => Promise<number>;
  /** Active sessions, the last used first, 100 at most. */
  readonly list: (userId: string) => Promise<readonly ActiveSession[]>;
  /** A page of the active sessions, the latest sign-in first. */
  readonly page: (userId: string, page: PageRequest<string>) => Promise<Page<ActiveSession>>;
  readonly findActiveIds: (ids: readonly string[]) => Promise<readonly string[]>;
};

/** Makes the operations on sessions over their store. */
export const makeSessions = (deps: {
  store: SessionStore;
  /** A token never outlives its session. */
  signToken: (viewer: Viewer, now: Date, sessionEnd: Date) => AccessToken;
  lifetime: SessionLifetime;
  /** Active sessions of an account: a sign-in beyond them revokes the oldest. */
  maxSessions: number;
  throttle: Throttle;
  /** Receives the session of a token that was reused: the client or a thief has a copy. */
  onReuse: (sessionId: string) => void;
}): Sessions => {
  const { store, signToken, lifetime, maxSessions, throttle } = deps;

  const toSession = (
    user: User,
    session: { id: string; expiresAt: Date },
    refresh: { token: string; expiresAt: Date },
    now: Date,
  ): Session => {
    const viewer = { id: user.id, role: user.role, sessionId: session.id };
    const access = signToken(viewer, now, session.expiresAt);
    return {
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt,
      refreshToken: refresh.token,
      refreshTokenExpiresAt: refresh.expiresAt,
      user,
    };
  };

  return {
    open: async (user, device, passwordHash) => {
      const now = new Date();
      const { token, hash } = makeRefreshToken();
      const session = {
        id: makeId(),
        userId: user.id,
        device: device?.slice(0, DEVICE_MAX) ?? null,
        createdAt: now,
        lastUsedAt: now,
        expiresAt: new Date(now.getTime() + lifetime.absoluteMs),
      };
      const expiresAt = refreshTokenExpiry(now, session.expiresAt, lifetime);
      const account = { passwordHash, role: user.role };
      const opened = await store.insertSession(session, { hash, expiresAt }, account, maxSessions);
      return opened ? toSession(user, session, { token, expiresAt }, now) : null;
    },

    refresh: async (token, address) => {
      const attempt = throttle.refresh(address);
      const tooMany = await attempt.check();
      if (tooMany) return tooMany;
      const { decision, now, stored } = await store.refresh(hashRefreshToken(token), (found, at) =>
        decideRefresh(token, found, at, lifetime),
      );
      if (stored && (decision.kind === 'rotate' || decision.kind === 'repeat')) {
        return toSession(stored.user, stored.session, decision, now);
      }
      if (stored && decision.kind === 'revoke') deps.onReuse(stored.session.id);
      // Counted afterwards: concurrent requests may pass together, and still cannot guess 256 bits.
      await attempt.count();
      return problem('INVALID_REFRESH_TOKEN');
    },

    end: async (token, viewer) => {
      if (token !== null) {
        if (!isWithin(token, MAX_REFRESH_TOKEN)) {
          const message = `must have ${MAX_REFRESH_TOKEN} characters or fewer`;
          return validationFailed([{ path: 'refreshToken', message }]);
        }
        const sessionId = await store.findSessionIdOfToken(hashRefreshToken(token));
        return sessionId === null ? 0 : store.endSessions({ sessionId });
      }
      if (!viewer) throw new ShopError('UNAUTHENTICATED');
      return store.endSessions({ userId: viewer.id, sessionId: viewer.sessionId });
    },

    endOne: async (viewer, sessionId) => {
      const ended = await store.endSessions({ userId: viewer.id, sessionId });
      return ended === 0 ? problem('SESSION_NOT_FOUND') : ended;
    },

    endAll: (viewer) => store.endSessions({ userId: viewer.id }),
    list: (userId) => store.listSessions(userId, new Date(), MAX_LISTED),
    page: (userId, page) => store.pageSessions(userId, new Date(), page),
    findActiveIds: (ids) => store.findActiveIds(ids, new Date()),
  };
};
