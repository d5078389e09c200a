import {
  execute,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { wrapGateway, type Gateway } from './wrap-gateway.ts';

const META_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '__typename']);

/**
 * Whether the root of an operation selects only `__schema`, `__type` and `__typename`. It stops at the
 * first other field, and reads each fragment once.
 */
export const selectsOnlyMetaFields = (
  document: DocumentNode,
  operation: { readonly selectionSet: SelectionSetNode },
): boolean => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const isMeta = (selection: SelectionNode): boolean => {
    if (selection.kind === Kind.FIELD) return META_FIELDS.has(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return areMeta(selection.selectionSet);
    const fragment = fragments.get(selection.name.value);
    fragments.delete(selection.name.value);
    return !fragment || areMeta(fragment.selectionSet);
  };
  const areMeta = (set: SelectionSetNode): boolean => set.selections.every(isMeta);
  return areMeta(operation.selectionSet);
};

/**
 * Wraps the gateway: graphql-js answers operations about the schema alone. The gateway plans them with
 * a schema of its own, which lacks the newer fields of introspection that graphql-js lists:
 * `isOneOf` was an internal error (apollographql/federation#3204).
 */
export const answerIntrospection = (gateway: Gateway): Gateway => {
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  const isAboutSchema = (document: DocumentNode, operation: OperationDefinitionNode): boolean => {
    const isKnown = known.get(operation) ?? selectsOnlyMetaFields(document, operation);
    known.set(operation, isKnown);
    return isKnown;
  };

  return wrapGateway(gateway, (executor) => async (context) => {
    const { schema, document, operation, request } = context;
    if (!isAboutSchema(document, operation)) return executor(context);
    return execute({
      schema,
      document,
      variableValues: request.variables ?? null,
      operationName: operation.name?.value ?? null,
    });
  });
};
