import { Client, fetchExchange, mapExchange, type OperationContext } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import type { IntrospectionQuery } from 'graphql';
import { keys, resolvers } from './cache-settings.ts';

/** What an application gives: where the graph is, its token, and what to do without a valid one. */
export type UrqlSettings = {
  readonly url: string;
  readonly readToken: () => string | null;
  readonly onUnauthenticated: () => void;
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
  preferGetMethod: 'within-url-limit',
  fetchOptions: { headers: { ...CLIENT, 'apollo-require-preflight': 'true' } },
};

/** Makes urql's client with the settings that the graph needs. */
export const makeUrqlClient = (settings: UrqlSettings): Client => {
  const { url, readToken, onUnauthenticated, fetch, schema } = settings;
  return new Client({
    url,
    fetch,
    preferGetMethod: false,
    fetchOptions: () => {
      const token = readToken();
      return { headers: { ...CLIENT, ...(token && { authorization: `Bearer ${token}` }) } };
    },
    exchanges: [
      cacheExchange({ schema, keys, resolvers }),
      mapExchange({
        onError: ({ graphQLErrors }) => {
          const codes = graphQLErrors.map(({ extensions }) => extensions['code']);
          if (codes.includes('UNAUTHENTICATED')) onUnauthenticated();
        },
      }),
      fetchExchange,
    ],
  });
};
