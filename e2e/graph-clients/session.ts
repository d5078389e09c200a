/** The tokens of a customer who has signed in. */
export type Tokens = { readonly accessToken: string; readonly refreshToken: string };

/** The session of an application. It stores the tokens in memory. */
export type Session = {
  /** The access token; null without a sign-in. */
  readonly readToken: () => string | null;
  /** @param tokens of a sign-in; null after a sign-out */
  readonly write: (tokens: Tokens | null) => void;
  /**
   * Replaces an access token that was refused. Of all requests that need it, one refreshes the session.
   * @throws when the shop has ended the session, or does not respond: then the session remains
   */
  readonly renew: (refused: string) => Promise<void>;
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
  let tokens: Tokens | null = null;
  let refreshing: Promise<void> | null = null;

  const refresh = async ({ refreshToken }: Tokens): Promise<void> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: REFRESH, variables: { input: { refreshToken } } }),
    });
    const { data } = await response.json();
    const result = data?.refreshSession;
    if (!result) throw new Error('the session could not be refreshed');
    // In the meantime the customer signed out, or in with another account: that holds.
    if (tokens?.refreshToken !== refreshToken) return;
    if (result.__typename === 'Session') tokens = result;
    else {
      if (result.code === 'INVALID_REFRESH_TOKEN') {
        tokens = null;
        onEnded();
      }
      throw new Error(result.message);
    }
  };

  return {
    readToken: () => tokens?.accessToken ?? null,

    write: (next) => {
      tokens = next;
    },

    renew: async (refused) => {
      if (!tokens) throw new Error('the session has ended');
      // Another request has refreshed it already.
      if (tokens.accessToken !== refused) return;
      refreshing ??= refresh(tokens).finally(() => {
        refreshing = null;
      });
      await refreshing;
    },
  };
};
