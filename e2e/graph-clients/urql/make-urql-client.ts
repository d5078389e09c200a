import { Client, fetchExchange, type OperationContext } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { cacheExchange } from '@urql/exchange-graphcache';
import type { IntrospectionQuery } from 'graphql';
import type { Session } from '../session.ts';
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
      authExchange(async (auth) => ({
        addAuthToOperation: (operation) => {
          const token = session.readToken();
          return token === null || operation.context['isPublic'] === true
            ? operation
            : auth.appendHeaders(operation, { authorization: `Bearer ${token}` });
        },
        didAuthError: ({ graphQLErrors }) =>
          session.readToken() !== null &&
          graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED'),
        refreshAuth: () => session.renew(session.readToken() ?? ''),
      })),
      fetchExchange,
    ],
  });
