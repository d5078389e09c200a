import { CombinedGraphQLErrors, gql } from '@apollo/client';
import { it } from 'vitest';
import { makeApolloClient, PUBLIC } from '../graph-clients/apollo/make-apollo-client.ts';
import { buyWithClient } from '../graph-clients/buy-with-client.ts';

it('buys with Apollo Client', () =>
  buyWithClient(({ url, session, fetch }) => {
    const client = makeApolloClient({ uri: url, session, fetch });
    return {
      read: async (text, variables, { isPublic = false, isFresh = false } = {}) => {
        const { data, error } = await client.query({
          query: gql(text),
          variables,
          errorPolicy: 'all',
          fetchPolicy: isFresh ? 'network-only' : 'cache-first',
          context: isPublic ? PUBLIC : {},
        });
        if (!error) return { data, errors: [] };
        if (!CombinedGraphQLErrors.is(error)) throw new Error(error.message, { cause: error });
        return { data, errors: error.errors };
      },
      readCached: async (text, variables) => client.readQuery({ query: gql(text), variables }),
      readNextPage: async (text, variables, after) => {
        const query = gql(text);
        const list = client.watchQuery({ query, variables, context: PUBLIC });
        const shown = list.subscribe(() => {});
        await list.fetchMore({ variables: { after } });
        shown.unsubscribe();
        return client.readQuery({ query, variables });
      },
      mutate: async (text, input) => {
        const { data } = await client.mutate({ mutation: gql(text), variables: { input } });
        return data;
      },
    };
  }));
