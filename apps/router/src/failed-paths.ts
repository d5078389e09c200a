import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A path in the response of a subgraph. */
export type FailedPath = readonly (string | number)[];

/** As many as validation reports: a page of orders has hundreds of fields of another subgraph. */
const MAX_PATHS = 20;

const ENTITIES = '_entities';

/** The response names that a selection set selects, in the order of the document. */
const readNames = (
  document: DocumentNode,
  set: SelectionSetNode,
  names: Set<string> = new Set(),
  visited: Set<string> = new Set(),
): Set<string> => {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const { name, alias } = selection;
      if (alias || name.value !== '__typename') names.add((alias ?? name).value);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      readNames(document, selection.selectionSet, names, visited);
    } else {
      const { value } = selection.name;
      const fragment = document.definitions.find(
        (one): one is FragmentDefinitionNode =>
          one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === value,
      );
      if (!fragment || visited.has(value)) continue;
      readNames(document, fragment.selectionSet, names, visited.add(value));
    }
  }
  return names;
};

/**
 * The paths of the fields that are missing when a subgraph does not respond, at most MAX_PATHS: its
 * root fields, or the fields of each entity (`['_entities', 0, 'payments']`).
 * @param document the request to the subgraph
 */
export const findFailedPaths = (
  document: DocumentNode,
  representations: unknown,
): readonly FailedPath[] => {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return [];
  const { selections } = operation.selectionSet;
  const entities = selections.find(
    (one) => one.kind === Kind.FIELD && one.name.value === ENTITIES && one.selectionSet,
  );
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet || !Array.isArray(representations)) {
    const names = [...readNames(document, operation.selectionSet)];
    return names.slice(0, MAX_PATHS).map((name) => [name]);
  }
  const names = [...readNames(document, entities.selectionSet)];
  return Array.from({ length: Math.min(representations.length, MAX_PATHS) }, (_, index) =>
    names.map((name): FailedPath => [ENTITIES, index, name]),
  )
    .flat()
    .slice(0, MAX_PATHS);
};
