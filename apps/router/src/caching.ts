import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';

/**
 * Forbids caching of mutations, also when the subgraphs allow it. A query may be cached for the shortest
 * time that its subgraphs' responses allow.
 */
export const cacheQueriesOnly: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, overallCachePolicy }) => {
      if (operation?.operation !== OperationTypeNode.QUERY)
        overallCachePolicy.restrict({ maxAge: 0 });
    },
  }),
};

/**
 * Sets the default of requests that GraphQL does not handle: no caching. `Vary: Accept`, because one
 * path answers with pages, GraphQL and JSON.
 */
export const disableCaching = async (
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const vary = reply.getHeader('vary');
  const names = vary === undefined ? 'Accept' : `${[vary].flat().join(', ')}, Accept`;
  reply.header('cache-control', 'no-store').header('vary', names);
};
