import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { from, mergeMap } from 'rxjs';
import possible from '../generated/possible-types.ts';
import type { Session, SignedIn } from '../session.ts';
import { typePolicies } from './type-policies.ts';

/** What an application gives: where the graph is, and its session. */
export type ApolloSettings = {
  readonly uri: string;
  readonly session: Session;
  readonly fetch: typeof fetch;
};

/** The context of queries that read the catalogue: they are GETs without a token, which caches answer. */
export const PUBLIC = { isPublic: true };

const isUnauthenticated = (error: unknown): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');

/** What an operation was sent with. Its repeat has other tokens, of the same sign-in. */
const signedInOf = (context: Readonly<Record<string, unknown>>): SignedIn | null =>
  (context['signedIn'] as SignedIn | undefined) ?? null;

/** Makes Apollo Client with the settings that the graph needs. */
export const makeApolloClient = ({ uri, session, fetch }: ApolloSettings): ApolloClient => {
  const authorize = new SetContextLink(({ headers, ...context }) => {
    const signedIn = signedInOf(context) ?? session.read();
    const authorization = signedIn && { authorization: `Bearer ${signedIn.accessToken}` };
    return { signedIn, headers: { ...headers, ...authorization } };
  });
  /** Sends an operation again, once, with the next token. */
  const renew = new ErrorLink(({ error, operation, forward }) => {
    const refused = signedInOf(operation.getContext());
    if (!refused || !isUnauthenticated(error)) return undefined;
    return from(session.renew(refused)).pipe(
      mergeMap((signedIn) => {
        operation.setContext({ signedIn });
        return forward(operation);
      }),
    );
  });
  return new ApolloClient({
    clientAwareness: { name: 'storefront', version: '1.2.3' },
    cache: new InMemoryCache({ possibleTypes: possible.possibleTypes, typePolicies }),
    link: ApolloLink.split(
      (operation) => operation.getContext()['isPublic'] === true,
      new HttpLink({ uri, fetch, useGETForQueries: true }),
      ApolloLink.from([renew, authorize, new HttpLink({ uri, fetch })]),
    ),
  });
};
