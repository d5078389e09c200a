import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import possible from '../generated/possible-types.ts';
import { typePolicies } from './type-policies.ts';

/** What an application gives: where the graph is, its token, and what to do without a valid one. */
export type ApolloSettings = {
  readonly uri: string;
  readonly readToken: () => string | null;
  readonly onUnauthenticated: () => void;
  readonly fetch: typeof fetch;
};

/** The context of queries that read the catalogue: they are GETs without a token, which caches answer. */
export const PUBLIC = { isPublic: true };

const isUnauthenticated = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');

/** Makes Apollo Client with the settings that the graph needs. */
export const makeApolloClient = (settings: ApolloSettings): ApolloClient => {
  const { uri, readToken, onUnauthenticated, fetch } = settings;
  const authorize = new SetContextLink(({ headers }) => {
    const token = readToken();
    return { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } };
  });
  return new ApolloClient({
    clientAwareness: { name: 'storefront', version: '1.2.3' },
    cache: new InMemoryCache({ possibleTypes: possible.possibleTypes, typePolicies }),
    link: ApolloLink.from([
      new ErrorLink(({ error }) => {
        if (isUnauthenticated(error)) onUnauthenticated();
      }),
      ApolloLink.split(
        (operation) => operation.getContext()['isPublic'] === true,
        new HttpLink({ uri, fetch, useGETForQueries: true }),
        authorize.concat(new HttpLink({ uri, fetch })),
      ),
    ]),
  });
};
