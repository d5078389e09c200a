import type { ApolloServerPlugin } from '@apollo/server';
import {
  OperationTypeNode,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { AccessRule } from './access-rules.ts';
import { makeCachePolicyReader } from './cache-policy.ts';
import type { RequestContext } from './request-context.ts';

const NO_STORE = 'no-store';

/** Reads the `Cache-Control` of a response without errors. */
export type CacheControlReader = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  context: RequestContext,
) => string;

/**
 * Makes the reader of `Cache-Control`. Allows caching of queries only, and not for administrators, to
 * whom a field may show more than to others. `@cacheControl` and `@auth` decide the rest.
 */
export const makeCacheControlReader = (
  schema: GraphQLSchema,
  rules: readonly AccessRule[],
): CacheControlReader => {
  const readPolicy = makeCachePolicyReader(schema, rules);
  return (document, operation, { viewer }) => {
    if (operation.operation !== OperationTypeNode.QUERY || viewer?.role === 'ADMIN')
      return NO_STORE;
    const { maxAge = 0 } = readPolicy(document, operation);
    return maxAge > 0 ? `max-age=${maxAge}, public` : NO_STORE;
  };
};

/**
 * Sets the `Cache-Control` of each response, in place of Apollo's plugin, which wraps each field of the
 * schema. A response with errors is not cached.
 */
export const setCacheControl = (read: CacheControlReader): ApolloServerPlugin<RequestContext> => ({
  requestDidStart: async () => ({
    willSendResponse: async ({ response, document, operation, contextValue }) => {
      const { body, http } = response;
      const isWhole = body.kind === 'single' && !body.singleResult.errors;
      const isExecuted = isWhole && document !== undefined && operation !== undefined;
      const value = isExecuted ? read(document, operation, contextValue) : NO_STORE;
      http.headers.set('cache-control', value);
    },
  }),
});
