import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { Context } from './make-subgraph-source.ts';
import { makeNameHider, type HiddenNames } from './private-names.ts';

type Gateway = NonNullable<ApolloServerOptions<Context>['gateway']>;

/**
 * Wraps the gateway: operations are executed without names that the gateway could confuse with its own,
 * and responses have the names that the client chose. The renamed document is cached as long as the
 * server caches the parsed document.
 */
export const hideClientNames = (gateway: Gateway, supergraph: DocumentNode): Gateway => {
  const hideNames = makeNameHider(supergraph);
  const known = new WeakMap<DocumentNode, HiddenNames>();

  const hide = (document: DocumentNode): HiddenNames => {
    const hidden = known.get(document) ?? hideNames(document);
    known.set(document, hidden);
    return hidden;
  };

  return {
    load: async (options) => {
      const loaded = await gateway.load(options);
      const { executor } = loaded;
      if (!executor) throw new Error('the gateway has no executor');
      return {
        ...loaded,
        executor: async (context) => {
          const names = hide(context.document);
          const { data, errors, extensions, ...rest } = await executor({
            ...context,
            document: names.document,
            request: {
              ...context.request,
              ...(context.request.variables && {
                variables: names.hideVariables(context.request.variables),
              }),
            },
          });
          return {
            ...rest,
            ...(data !== undefined && { data: names.revealData(data) }),
            ...(errors && { errors: names.revealErrors(errors) }),
            ...(extensions && { extensions: names.revealExtensions(extensions) }),
          };
        },
      };
    },
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
  };
};
