import type { DocumentNode } from 'graphql';
import { makeNameHider, type HiddenNames } from './private-names.ts';
import { wrapGateway, type Gateway } from './wrap-gateway.ts';

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

  return wrapGateway(gateway, (executor) => async (context) => {
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
  });
};
