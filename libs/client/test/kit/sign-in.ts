import type { SessionStore, StoredSession } from '../../src/index.ts';
import { dataOf, errorOf, type Received, type Reply } from './open-graph.ts';

/** The session number `number` of an account. */
export const sessionOf = (number: number, userId = 'ada'): StoredSession => ({
  userId,
  accessToken: `access-${number}`,
  refreshToken: `refresh-${number}`,
});

/** The result of a sign-in or a refresh. */
export const sessionResult = ({ userId, accessToken, refreshToken }: StoredSession): object => ({
  __typename: 'Session',
  accessToken,
  refreshToken,
  user: { id: userId },
});

/** A store that begins with a session. */
export const storeOf = (session: StoredSession | null): SessionStore & { now: () => unknown } => {
  let stored = session;
  return {
    // As that of an app: reading takes a turn.
    read: async () => stored,
    write: async (next) => {
      stored = next;
    },
    now: () => stored,
  };
};

/** Whether a request has the access token of the session `number`. */
export const hasToken = ({ headers }: Received, number: number): boolean =>
  headers.authorization === `Bearer access-${number}`;

/** The account of a request with the token of the session `number`; refused with any other. */
export const meOf = (request: Received, number: number): Reply =>
  hasToken(request, number) ? dataOf({ me: { id: 'ada' } }) : errorOf('UNAUTHENTICATED');

/** The session number `number` of the account `ada`, as the result of a refresh. */
export const refreshed = (number: number): Reply =>
  dataOf({ refreshSession: sessionResult(sessionOf(number)) });

export const isRefresh = ({ operation }: Received): boolean => operation === 'RefreshSession';
