import path from 'node:path';
import { it } from 'vitest';
import { buyWithClient } from '../graph-clients/buy-with-client.ts';
import { makeUrqlClient, PUBLIC } from '../graph-clients/urql/make-urql-client.ts';
import { readIntrospection } from '../graph-clients/urql/read-introspection.ts';

const api = path.resolve(import.meta.dirname, '..', '..', 'apps', 'router', 'api.graphql');

it('buys with urql', () =>
  buyWithClient(({ url, session, fetch }) => {
    const client = makeUrqlClient({ url, session, fetch, schema: readIntrospection(api) });
    return {
      read: async (text, variables, { isPublic = false, isFresh = false } = {}) => {
        const { data, error } = await client.query(text, variables, {
          ...(isPublic && PUBLIC),
          requestPolicy: isFresh ? 'network-only' : 'cache-first',
        });
        if (error?.networkError) throw error.networkError;
        return { data, errors: error?.graphQLErrors ?? [] };
      },
      readCached: async (text, variables) => {
        const { data } = await client.query(text, variables, { requestPolicy: 'cache-only' });
        return data;
      },
      readNextPage: async (text, variables, after) =>
        (await client.query(text, { ...variables, after }, PUBLIC)).data,
      mutate: async (text, input) => (await client.mutation(text, { input })).data,
    };
  }));
