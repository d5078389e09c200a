import {
  Client,
  fetchExchange,
  makeOperation,
  type Operation,
  type OperationContext,
} from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { cacheExchange } from '@urql/exchange-graphcache';
import type { IntrospectionQuery } from 'graphql';
import type { Session, SignedIn } from '../session.ts';
import { keys, resolvers } from './cache-settings.ts';

/** What an application gives: where the graph is, and its session. */
export type UrqlSettings = {
  readonly url: string;
  readonly session: Session;
  readonly fetch: typeof fetch;
  /** Of `read-introspection.ts`. */
  readonly schema: IntrospectionQuery;
};

const CLIENT = {
  'apollographql-client-name': 'storefront',
  'apollographql-client-version': '1.2.3',
};

/** The context of queries that read the catalogue: they are GETs without a token, which caches answer. */
export const PUBLIC: Partial<OperationContext> = {
  isPublic: true,
  preferGetMethod: 'within-url-limit',
  fetchOptions: { headers: { ...CLIENT, 'apollo-require-preflight': 'true' } },
};

/** What an operation was sent with. Its repeat has other tokens, of the same sign-in. */
const signedInOf = ({ context }: Operation): SignedIn | null =>
  (context['signedIn'] as SignedIn | undefined) ?? null;

/** Makes urql's client with the settings that the graph needs. */
export const makeUrqlClient = ({ url, session, fetch, schema }: UrqlSettings): Client =>
  new Client({
    url,
    fetch,
    preferGetMethod: false,
    fetchOptions: { headers: CLIENT },
    exchanges: [
      cacheExchange({ schema, keys, resolvers }),
      // Sends an operation again, once, with the next token.
      authExchange(async (auth) => {
        let refused: SignedIn | null = null;
        return {
          addAuthToOperation: (operation) => {
            const signedIn = session.read();
            if (!signedIn || operation.context['isPublic'] === true) return operation;
            // Another account has signed in since it was sent: the operation is refused again.
            const former = signedInOf(operation);
            if (former && former.signIn !== signedIn.signIn) return operation;
            const context = { ...operation.context, signedIn };
            return auth.appendHeaders(makeOperation(operation.kind, operation, context), {
              authorization: `Bearer ${signedIn.accessToken}`,
            });
          },
          didAuthError: ({ graphQLErrors }, operation) => {
            refused = signedInOf(operation);
            return (
              refused !== null &&
              graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED')
            );
          },
          refreshAuth: async () => {
            if (refused) await session.renew(refused);
          },
        };
      }),
      fetchExchange,
    ],
  });
