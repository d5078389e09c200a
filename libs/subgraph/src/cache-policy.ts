import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AccessRule } from './access-rules.ts';

/** How long a response may be cached, in seconds; undefined where nothing says so. */
export type CachePolicy = { readonly maxAge: number | undefined };

type Hint = { readonly maxAge?: number; readonly inherits?: boolean };

const NO_HINT: Hint = {};

const readHint = (directives: readonly ConstDirectiveNode[] = []): Hint | null => {
  const directive = directives.find(({ name }) => name.value === 'cacheControl');
  if (!directive) return null;
  const values = new Map(directive.arguments?.map(({ name, value }) => [name.value, value]));
  const inherits = values.get('inheritMaxAge');
  if (inherits?.kind === Kind.BOOLEAN && inherits.value) return { inherits: true };
  // Only the router caches: what is private to a viewer is not cached at all.
  const scope = values.get('scope');
  if (scope?.kind === Kind.ENUM && scope.value === 'PRIVATE') return { maxAge: 0 };
  const maxAge = values.get('maxAge');
  return maxAge?.kind === Kind.INT ? { maxAge: Number(maxAge.value) } : NO_HINT;
};

const hintOfType = (type: GraphQLNamedType): Hint => {
  const nodes = [type.astNode, ...type.extensionASTNodes];
  for (const node of nodes) {
    const hint = node && readHint(node.directives);
    if (hint) return hint;
  }
  return NO_HINT;
};

const hintOfField = ({ astNode }: GraphQLField<unknown, unknown>): Hint =>
  readHint(astNode?.directives) ?? NO_HINT;

/**
 * Makes the function that reads from an operation how long its response may be cached: the least
 * `@cacheControl` of its fields and their types, 0 for root fields and objects without one, and 0 with
 * a field that is not public. These are the rules of Apollo's cache control, which looks at each field
 * that is resolved: here each that the operation names counts, also below an empty list, so the result
 * is the same or shorter, and is computed once per operation.
 */
export const makeCachePolicyReader = (
  schema: GraphQLSchema,
  rules: readonly AccessRule[],
): ((document: DocumentNode, operation: OperationDefinitionNode) => CachePolicy) => {
  const guarded = new Set(
    rules.filter(({ access }) => access !== 'PUBLIC').map(({ coordinate }) => coordinate),
  );
  const known = new WeakMap<OperationDefinitionNode, CachePolicy>();

  const objectsOf = (type: GraphQLNamedType): readonly GraphQLObjectType[] => {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  };

  const read = (document: DocumentNode, operation: OperationDefinitionNode): CachePolicy => {
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const one of document.definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
    }
    /** A type's selections give the same result each time. */
    const visited = new Map<SelectionSetNode, Set<GraphQLNamedType>>();
    let least: number | undefined;
    const restrict = (maxAge: number | undefined): void => {
      if (maxAge !== undefined) least = Math.min(least ?? maxAge, maxAge);
    };

    /** An entity has the hint of its own type, since the type of `_entities` has none. */
    const visitEntities = (set: SelectionSetNode | undefined): void => {
      const conditions = (set?.selections ?? []).flatMap((selection) => {
        if (selection.kind === Kind.FIELD) return [];
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        return fragment?.typeCondition ? [fragment.typeCondition.name.value] : [];
      });
      if (conditions.length === 0) restrict(0);
      for (const condition of conditions) {
        const type = schema.getType(condition);
        for (const entity of type ? objectsOf(type) : []) {
          restrict(guarded.has(entity.name) ? 0 : (hintOfType(entity).maxAge ?? 0));
        }
      }
    };

    const visitField = (node: FieldNode, parent: GraphQLObjectType, isRoot: boolean): void => {
      const field = parent.getFields()[node.name.value];
      if (!field) return; // `__typename`, or introspection
      if (guarded.has(`${parent.name}.${field.name}`)) restrict(0);
      const type = getNamedType(field.type);
      if (isRoot && field.name === '_entities') {
        visitEntities(node.selectionSet);
      } else {
        const own = hintOfField(field);
        const ofType = isCompositeType(type) ? hintOfType(type) : NO_HINT;
        const maxAge = own.maxAge ?? ofType.maxAge;
        const inherits = own.inherits ?? ofType.inherits ?? false;
        const needsHint = isRoot || (isCompositeType(type) && !inherits);
        restrict(maxAge ?? (needsHint ? 0 : undefined));
      }
      if (node.selectionSet) visitSet(node.selectionSet, type, false);
    };

    const visitSet = (set: SelectionSetNode, type: GraphQLNamedType, isRoot: boolean): void => {
      const types = visited.get(set) ?? new Set();
      if (types.has(type)) return;
      visited.set(set, types.add(type));
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          for (const parent of objectsOf(type)) visitField(selection, parent, isRoot);
          continue;
        }
        const fragment =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const condition = fragment?.typeCondition;
        const inner = condition ? schema.getType(condition.name.value) : type;
        if (fragment && inner) visitSet(fragment.selectionSet, inner, isRoot);
      }
    };

    const root = schema.getRootType(operation.operation);
    if (root) visitSet(operation.selectionSet, root, true);
    return { maxAge: least };
  };

  return (document, operation) => {
    const policy = known.get(operation) ?? read(document, operation);
    known.set(operation, policy);
    return policy;
  };
};
