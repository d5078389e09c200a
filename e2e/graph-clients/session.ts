/** The tokens of a customer who has signed in. */
export type Tokens = { readonly accessToken: string; readonly refreshToken: string };

/** The tokens that a request is sent with. */
export type SignedIn = Tokens & {
  /** The number of their sign-in. A refresh replaces the tokens and keeps the number. */
  readonly signIn: number;
};

/** The session of an application. It stores the tokens in memory. */
export type Session = {
  /** The tokens to send a request with; null without a sign-in. */
  readonly read: () => SignedIn | null;
  /** @param tokens of a sign-in; null after a sign-out */
  readonly write: (tokens: Tokens | null) => void;
  /**
   * The tokens to repeat a request with, whose access token was refused. Of all requests that need them, one
   * refreshes the session.
   * @throws when the session has ended, or another has begun: no request of one account is repeated as another.
   * When the shop does not respond, the session remains
   */
  readonly renew: (refused: SignedIn) => Promise<SignedIn>;
};

/** What the shop accepts again for some seconds, so that a lost response does no harm. */
const REFRESH = `
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      __typename
      ... on Session {
        accessToken
        refreshToken
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

/**
 * Makes the session of an application.
 * @param onEnded is called when the shop has ended the session: show the sign-in
 */
export const makeSession = (
  url: string,
  fetch: typeof globalThis.fetch,
  onEnded: () => void,
): Session => {
  let signedIn: SignedIn | null = null;
  let signIns = 0;
  /** The refreshes in progress, by sign-in. */
  const refreshes = new Map<number, Promise<SignedIn>>();

  const refresh = async (former: SignedIn): Promise<SignedIn> => {
    const { refreshToken, signIn } = former;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: REFRESH, variables: { input: { refreshToken } } }),
    });
    const { data } = await response.json();
    const result = data?.refreshSession;
    if (!result) throw new Error('the session could not be refreshed');
    // In the meantime the customer signed out, or in with another account: that holds.
    if (signedIn !== former) throw new Error('the session has ended');
    if (result.__typename === 'Session') {
      const next = {
        accessToken: result.accessToken,
        refreshToken: result.refreshToken,
        signIn,
      };
      signedIn = next;
      return next;
    }
    if (result.code === 'INVALID_REFRESH_TOKEN') {
      signedIn = null;
      onEnded();
    }
    throw new Error(result.message);
  };

  const startRefresh = (former: SignedIn): Promise<SignedIn> => {
    const next = refresh(former).finally(() => refreshes.delete(former.signIn));
    refreshes.set(former.signIn, next);
    return next;
  };

  return {
    read: () => signedIn,

    write: (tokens) => {
      signIns += 1;
      signedIn = tokens && { ...tokens, signIn: signIns };
    },

    renew: async (refused) => {
      if (signedIn?.signIn !== refused.signIn) throw new Error('the session has ended');
      // Another request has refreshed it already.
      if (signedIn.accessToken !== refused.accessToken) return signedIn;
      return refreshes.get(refused.signIn) ?? startRefresh(signedIn);
    },
  };
};
