import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';

/**
 * What a mutation answers is kept by nobody, whatever the subgraphs say of it. How long the answer
 * to a query may be kept is the least that the subgraphs' answers to its parts allow.
 */
export const keepOnlyQueries: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, overallCachePolicy }) => {
      if (operation?.operation !== OperationTypeNode.QUERY)
        overallCachePolicy.restrict({ maxAge: 0 });
    },
  }),
};

/**
 * Before GraphQL has a say: nobody keeps an answer that says nothing of it (a request that could
 * not be read), and one address answers pages, GraphQL and JSON by what the client accepts.
 */
export const beginUnkept = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const vary = [reply.getHeader('vary')].flat().filter((name) => name !== undefined);
  reply.header('cache-control', 'no-store').header('vary', [...vary, 'Accept'].join(', '));
};
