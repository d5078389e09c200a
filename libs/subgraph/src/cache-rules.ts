import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { RequestContext } from './request-context.ts';

/** Zero seconds: one such hint makes the whole answer `no-store`. */
const NO_STORE = { maxAge: 0, scope: 'PRIVATE' } as const;

type HintedInfo = { readonly cacheControl?: { cacheHint: { restrict(hint: object): void } } };

/**
 * Says of a field that its answer is for nobody but who asked. A scalar would inherit the hint of
 * what it is part of.
 * @param info the resolver's fourth argument, with what Apollo's cache control adds to it
 */
export const disableCaching = (info: unknown): void =>
  (info as HintedInfo).cacheControl?.cacheHint.restrict(NO_STORE);

/**
 * Lets only queries be kept, and nothing that an administrator is answered: a field may show them
 * more than others without anybody thinking of caches there. The rest is `@cacheControl`.
 */
export const keepOnlyPublicQueries: ApolloServerPlugin<RequestContext> = {
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
