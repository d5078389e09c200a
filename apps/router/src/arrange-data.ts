import {
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  specifiedScalarTypes,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Data that is not plainly valid: the gateway decides what the response is. */
export class UnusualData extends Error {}

export type Data = Record<string, unknown>;

type Complete = (value: unknown) => unknown;

/** A field of an object in the response. */
type ArrangedField = {
  readonly name: string;
  /** Null for `__typename`. */
  readonly complete: Complete | null;
};

/** An operation, and the schema and the document that it belongs to. */
export type Operation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values of built-in scalars in JSON. Of any other value, the gateway decides. */
const IS_SCALAR: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: Number.isSafeInteger,
  Float: Number.isFinite,
  Boolean: (value) => typeof value === 'boolean',
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string' || Number.isSafeInteger(value),
};

const BUILT_IN: ReadonlySet<string> = new Set(specifiedScalarTypes.map(({ name }) => name));

const makeLeafCheck = (type: GraphQLLeafType): ((value: unknown) => boolean) => {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  // The values of other scalars are what the subgraph says.
  return (BUILT_IN.has(type.name) && IS_SCALAR[type.name]) || (() => true);
};

/** Whether the variables let a selection into the response (GraphQL, section 3.13.1 and 3.13.2). */
const isIncluded = ({ directives = [] }: SelectionNode, variables: Data): boolean =>
  directives.every(({ name, arguments: [argument] = [] }) => {
    const value = argument?.value;
    const holds =
      value?.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : value?.kind === Kind.BOOLEAN && value.value;
    if (name.value === 'skip') return holds !== true;
    return name.value !== 'include' || holds === true;
  });

/**
 * Compiles an operation to the function that makes the data of its response of what the subgraphs sent: the
 * fields of the operation in its order, and none that only the plan needed.
 * Conditions are evaluated here, so a function is for one set of values of their variables.
 * @param variables the values of the variables, with defaults
 * @throws UnusualData for an operation that the gateway must execute; the function throws it for data that is not
 * as the schema says
 */
export const compileArrangement = (
  { schema, document, operation }: Operation,
  variables: Data,
): ((data: Data) => Data) => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }

  const applies = (condition: string | undefined, type: GraphQLObjectType): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && schema.isSubType(wanted, type);
  };

  /** The fields of an object of this type, by response name (GraphQL, section 6.3.2). */
  const collect = (
    set: SelectionSetNode,
    type: GraphQLObjectType,
    fields: Map<string, FieldNode[]>,
    visited: Set<string>,
  ): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        fields.set(name, [...(fields.get(name) ?? []), selection]);
        continue;
      }
      let fragment: SelectionNode | FragmentDefinitionNode | undefined = selection;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
        fragment = fragments.get(selection.name.value);
      }
      if (!fragment || !('selectionSet' in fragment) || !fragment.selectionSet) continue;
      const condition = 'typeCondition' in fragment ? fragment.typeCondition : undefined;
      if (applies(condition?.name.value, type))
        collect(fragment.selectionSet, type, fields, visited);
    }
  };

  const compileNonNull = (type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete => {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const completeItem = compileValue(nullable.ofType, nodes);
      return (value) => {
        if (!Array.isArray(value)) throw new UnusualData();
        return value.map(completeItem);
      };
    }
    if (isCompositeType(nullable)) return compileObject(nullable, nodes);
    const isValid = makeLeafCheck(nullable);
    return (value) => {
      if (!isValid(value)) throw new UnusualData();
      return value;
    };
  };

  const compileValue = (type: GraphQLOutputType, nodes: readonly FieldNode[]): Complete => {
    const complete = compileNonNull(type, nodes);
    if (isNonNullType(type)) {
      return (value) => {
        if (value === null || value === undefined) throw new UnusualData();
        return complete(value);
      };
    }
    return (value) => (value === null || value === undefined ? null : complete(value));
  };

  const compileField = (type: GraphQLObjectType, name: string, nodes: readonly FieldNode[]) => {
    const fieldName = nodes[0]?.name.value ?? '';
    if (fieldName === '__typename') return { name, complete: null };
    const field = type.getFields()[fieldName];
    // Introspection.
    if (!field) throw new UnusualData();
    return { name, complete: compileValue(field.type, nodes) };
  };

  const compileFields = (
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
  ): readonly ArrangedField[] => {
    const fields = new Map<string, FieldNode[]>();
    const visited = new Set<string>();
    for (const set of sets) collect(set, type, fields, visited);
    return [...fields].map(([name, nodes]) => compileField(type, name, nodes));
  };

  const arrange = (type: GraphQLObjectType, fields: readonly ArrangedField[], data: Data): Data => {
    // No field is called `__proto__`: hideClientNames renames it.
    const arranged: Data = {};
    for (const { name, complete } of fields) {
      arranged[name] = complete
        ? complete(Object.hasOwn(data, name) ? data[name] : null)
        : type.name;
    }
    return arranged;
  };

  const compileObject = (declared: GraphQLCompositeType, nodes: readonly FieldNode[]): Complete => {
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const byType = new Map<GraphQLObjectType, readonly ArrangedField[]>();
    const fieldsOf = (type: GraphQLObjectType): readonly ArrangedField[] => {
      const fields = byType.get(type) ?? compileFields(type, sets);
      byType.set(type, fields);
      return fields;
    };
    const typeOf = (name: string) => (name === declared.name ? declared : schema.getType(name));
    return (value) => {
      if (!isData(value)) throw new UnusualData();
      const name = Object.hasOwn(value, '__typename') ? value['__typename'] : declared.name;
      const type = typeof name === 'string' ? typeOf(name) : undefined;
      if (!isObjectType(type)) throw new UnusualData();
      return arrange(type, fieldsOf(type), value);
    };
  };

  const root = schema.getRootType(operation.operation);
  if (!root) throw new UnusualData();
  const fields = compileFields(root, [operation.selectionSet]);
  return (data) => arrange(root, fields, data);
};
