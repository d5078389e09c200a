import { RefreshSessionDocument, type RefreshSessionMutation } from './generated/graphql.ts';
import type { Caller } from './make-caller.ts';
import type { Refresh } from './make-session.ts';
import { match } from './match.ts';
import { readOperation } from './operation.ts';
import type { StoredSession } from './session-store.ts';
import { ShopClientError } from './shop-client-error.ts';

type SessionResult = RefreshSessionMutation['refreshSession'];

/** What is stored of the result of a sign-in; null when it is a problem. */
export const toStoredSession = (result: { readonly __typename: string }): StoredSession | null => {
  if (result.__typename !== 'Session') return null;
  const { accessToken, refreshToken, user } = result as Extract<
    SessionResult,
    { readonly __typename: 'Session' }
  >;
  return { accessToken, refreshToken, userId: user.id };
};

/**
 * Makes the refresh of a session. The shop answers a repeat of the same refresh with the same session for
 * some seconds, so it can be sent again when a response was lost.
 */
export const makeRefresh =
  (call: Caller): Refresh =>
  async ({ refreshToken }) => {
    const result = await call({
      operation: readOperation(RefreshSessionDocument),
      variables: { input: { refreshToken } },
      pick: (data: RefreshSessionMutation) => data.refreshSession,
      isSignedIn: false,
      isRepeatable: true,
      // Of the session, not of one of the calls that wait for it: each of them ends by its own deadline.
      options: {},
    });
    if (!result) throw new ShopClientError('BAD_RESPONSE', 'the shop returned no session');
    // A problem that is newer than this client is thrown, as `TooManyAttemptsProblem` is: the session remains.
    return match(result, {
      Session: toStoredSession,
      InvalidRefreshTokenProblem: () => null,
      TooManyAttemptsProblem: ({ code, message, retryAfterSeconds }) => {
        throw new ShopClientError(code, message, { retryAfterSeconds });
      },
    });
  };
