import type { SessionStore, StoredSession } from './session-store.ts';
import { ShopClientError } from './shop-client-error.ts';

/** What a refresh of the session returned; null when the shop does not accept the refresh token. */
export type Refresh = (session: StoredSession) => Promise<StoredSession | null>;

/** The session of a client. */
export type Session = {
  /** The session to send a request with. It waits for a refresh in progress. */
  readonly current: () => Promise<StoredSession | null>;
  /**
   * The session to repeat a request with, whose token was refused. However many requests call this, and
   * whenever: there is one refresh for one session.
   * @throws ShopClientError UNAUTHENTICATED when the session has ended or is of another account by now,
   * and whatever the refresh throws: then the session remains
   */
  readonly replace: (refused: StoredSession) => Promise<StoredSession>;
  /** Begins a session, or ends it. Requests of the new one do not wait for a refresh of the former. */
  readonly write: (session: StoredSession | null) => Promise<void>;
};

const signedOut = (): ShopClientError =>
  new ShopClientError('UNAUTHENTICATED', 'The session has ended: sign in again.');

/**
 * Makes the session of a client.
 * @param onSignedOut is called once when the shop does not continue a session
 */
export const makeSession = (
  store: SessionStore,
  refresh: Refresh,
  onSignedOut: () => void,
): Session => {
  let refreshing: Promise<StoredSession> | null = null;
  let lastChange: Promise<unknown> = Promise.resolve();

  /** Changes the store when the changes before are done: no sign-in happens between a read and a write. */
  const inTurn = <Value>(change: () => Promise<Value>): Promise<Value> => {
    const changed = lastChange.then(change);
    lastChange = changed.catch(() => null);
    return changed;
  };

  const renew = async (session: StoredSession): Promise<StoredSession> => {
    const next = await refresh(session);
    return inTurn(async () => {
      const stored = await store.read();
      // In the meantime the customer signed out, or in with another account: that holds.
      if (stored?.refreshToken !== session.refreshToken) {
        if (stored?.userId === session.userId) return stored;
        throw signedOut();
      }
      await store.write(next);
      if (next) return next;
      onSignedOut();
      throw signedOut();
    });
  };

  const renewOnce = (session: StoredSession): Promise<StoredSession> => {
    if (refreshing) return refreshing;
    const renewing = renew(session).finally(() => {
      if (refreshing === renewing) refreshing = null;
    });
    refreshing = renewing;
    return renewing;
  };

  return {
    current: async () => refreshing ?? store.read(),

    replace: async (refused) => {
      const stored = await (refreshing ?? store.read());
      if (stored?.userId !== refused.userId) throw signedOut();
      // Another request, or another tab, has refreshed it already.
      if (stored.accessToken !== refused.accessToken) return stored;
      return renewOnce(stored);
    },

    write: (session) =>
      inTurn(async () => {
        await store.write(session);
        refreshing = null;
      }),
  };
};
