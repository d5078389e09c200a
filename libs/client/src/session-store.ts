/** The session of a signed-in customer. */
export type StoredSession = {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
};

/**
 * Where the session is stored. In a browser, what scripts can read an attack on the page can read too:
 * the default is the memory of the page. A server or an app can store it where only it can read.
 */
export type SessionStore = {
  readonly read: () => StoredSession | null | Promise<StoredSession | null>;
  /** @param session null removes it */
  readonly write: (session: StoredSession | null) => void | Promise<void>;
};

/** Stores the session in memory, until the page is closed or the process ends. */
export const makeMemorySessionStore = (): SessionStore => {
  let stored: StoredSession | null = null;
  return {
    read: () => stored,
    write: (session) => {
      stored = session;
    },
  };
};
