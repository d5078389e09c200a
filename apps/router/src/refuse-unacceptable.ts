import { HeaderMap, type ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from './make-subgraph-source.ts';

/** Values of `Accept` that are remembered: a client sends the same one each time. */
const MAX_KNOWN = 100;

const NOT_ACCEPTABLE = 406;

/**
 * Refuses an operation whose client accepts no content type of GraphQL, before it is executed. Apollo Server
 * chooses the content type after the execution: a mutation would be done, and its client would be told 406 without
 * its data. So Apollo Server is asked first, with the same `Accept` and no operation. It also sends the 406.
 * @param getServer the server that has this plugin
 */
export const refuseUnacceptable = (
  getServer: () => ApolloServer<Context>,
): ApolloServerPlugin<Context> => {
  const acceptable = new LRUCache<string, true>({ max: MAX_KNOWN });

  const isAcceptable = async (accept: string): Promise<boolean> => {
    if (acceptable.has(accept)) return true;
    const { status } = await getServer().executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: 'POST',
        headers: new HeaderMap([
          ['content-type', 'application/json'],
          ['accept', accept],
        ]),
        body: { query: '' },
        search: '',
      },
      context: async () => ({}) as Context,
    });
    if (status === NOT_ACCEPTABLE) return false;
    acceptable.set(accept, true);
    return true;
  };

  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request }) => {
        const accept = request.http?.headers.get('accept');
        if (!accept || (await isAcceptable(accept))) return;
        throw new GraphQLError('No content type of GraphQL is acceptable.', {
          extensions: { code: 'BAD_REQUEST', http: { status: NOT_ACCEPTABLE } },
        });
      },
    }),
  };
};
