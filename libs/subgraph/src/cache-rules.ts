import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode, type GraphQLSchema } from 'graphql';
import type { AccessRule } from './access-rules.ts';
import { makeCachePolicyReader } from './cache-policy.ts';
import type { RequestContext } from './request-context.ts';

/** One such hint makes the whole response `no-store`. */
const NO_STORE = { maxAge: 0, scope: 'PRIVATE' } as const;

/**
 * Sets the `Cache-Control` of each response, in place of Apollo's plugin, which wraps each field of the
 * schema. Allows caching of queries only, and not for administrators, to whom a field may show more
 * than to others. `@cacheControl` and `@auth` decide the rest. A response with errors is not cached.
 */
export const setCachePolicy = (
  schema: GraphQLSchema,
  rules: readonly AccessRule[],
): ApolloServerPlugin<RequestContext> => {
  const readPolicy = makeCachePolicyReader(schema, rules);
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, contextValue, overallCachePolicy }) => {
        const isCacheable =
          operation?.operation === OperationTypeNode.QUERY && contextValue.viewer?.role !== 'ADMIN';
        if (!isCacheable) return overallCachePolicy.restrict(NO_STORE);
        const { maxAge } = readPolicy(document, operation);
        if (maxAge !== undefined) overallCachePolicy.restrict({ maxAge });
      },
      willSendResponse: async ({ response, overallCachePolicy }) => {
        const { body, http } = response;
        const policy = overallCachePolicy.policyIfCacheable();
        const isWhole = body.kind === 'single' && !body.singleResult.errors;
        http.headers.set(
          'cache-control',
          policy && isWhole
            ? `max-age=${policy.maxAge}, ${policy.scope.toLowerCase()}`
            : 'no-store',
        );
      },
    }),
  };
};
