import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { RequestContext } from './request-context.ts';

/** One such hint makes the whole response `no-store`. */
const NO_STORE = { maxAge: 0, scope: 'PRIVATE' } as const;

type HintedInfo = { readonly cacheControl?: { cacheHint: { restrict(hint: object): void } } };

/**
 * Makes a response with this field private to its viewer. A scalar would inherit the hint of its
 * parent.
 * @param info the resolver's fourth argument, with what Apollo's cache control adds to it
 */
export const disableCaching = (info: unknown): void =>
  (info as HintedInfo).cacheControl?.cacheHint.restrict(NO_STORE);

/**
 * Allows caching of queries only, and not for administrators, to whom a field may show more than to
 * others. `@cacheControl` decides the rest.
 */
export const cacheOnlyPublicQueries: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue, overallCachePolicy }) => {
      if (
        operation?.operation !== OperationTypeNode.QUERY ||
        contextValue.viewer?.role === 'ADMIN'
      ) {
        overallCachePolicy.restrict(NO_STORE);
      }
    },
  }),
};
