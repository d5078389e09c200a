import {
  getArgumentValues,
  getNamedType,
  GraphQLError,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Coerced variables. A variable without a value and without a default is absent. */
type Variables = Readonly<Record<string, unknown>>;

type Operation = {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
};

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]),
);

const isMissing = (node: ValueNode, variables: Variables): boolean =>
  node.kind === Kind.VARIABLE && !Object.hasOwn(variables, node.name.value);

const isNull = (node: ValueNode, variables: Variables): boolean =>
  node.kind === Kind.NULL ||
  (node.kind === Kind.VARIABLE &&
    (isMissing(node, variables) || (variables[node.name.value] ?? null) === null));

/** The path of the first null that the type does not allow; null when there is none. */
const findNull = (
  node: ValueNode,
  type: GraphQLInputType,
  variables: Variables,
  path: string,
): string | null => {
  if (isNonNullType(type)) {
    return isNull(node, variables) ? path : findNull(node, type.ofType, variables, path);
  }
  if (isListType(type)) {
    const { ofType } = type as { readonly ofType: GraphQLInputType };
    if (node.kind !== Kind.LIST) return findNull(node, ofType, variables, path);
    for (const [index, item] of node.values.entries()) {
      const found = findNull(item, ofType, variables, `${path}.${index}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (!isInputObjectType(type) || node.kind !== Kind.OBJECT) return null;
  for (const { name, value } of node.fields) {
    const field = type.getFields()[name.value];
    if (!field || (isMissing(value, variables) && !isRequiredInputField(field))) continue;
    const found = findNull(value, field.type, variables, `${path}.${name.value}`);
    if (found !== null) return found;
  }
  return null;
};

const NULL_FAULT = 'must not be null';

const refuse = (error: GraphQLError, path: string | null): GraphQLError =>
  new GraphQLError(path === null ? error.message : `${path} ${NULL_FAULT}`, {
    nodes: error.nodes ?? null,
    extensions: {
      code: 'BAD_USER_INPUT',
      http: { status: 400 },
      ...(path !== null && { argument: path, fault: NULL_FAULT }),
    },
  });

/**
 * Checks that every argument of an operation has a value that its type allows, as graphql-js does
 * during execution. A nullable variable may be used for a non-null argument if one of them has a
 * default; the client can still send `null` for it. Skipped selections are not checked. Each fragment
 * is checked once, so the time is linear in the length of the document.
 * @param variables coerced, so that each is valid for its own type
 * @throws GraphQLError BAD_USER_INPUT of the first fault, with the path of the argument or field
 */
export const checkArguments = (
  { schema, document, operation }: Operation,
  variables: Variables,
): void => {
  const definitions = operation.variableDefinitions ?? [];
  // Validation of the document has checked everything except nulls in variables.
  if (definitions.every(({ variable }) => (variables[variable.name.value] ?? null) !== null))
    return;

  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }

  const readArguments = (
    definition: Parameters<typeof getArgumentValues>[0],
    node: FieldNode | DirectiveNode,
    prefix: string,
  ): Variables => {
    try {
      return getArgumentValues(definition, node, variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      for (const { name, value } of node.arguments ?? []) {
        const arg = definition.args.find((one) => one.name === name.value);
        if (!arg || (isMissing(value, variables) && arg.defaultValue !== undefined)) continue;
        const path = findNull(value, arg.type, variables, `${prefix}${arg.name}`);
        if (path !== null) throw refuse(error, path);
      }
      throw refuse(error, null);
    }
  };

  /** Evaluates `@skip` before `@include`, as graphql-js does. */
  const isSkipped = ({ directives = [] }: SelectionNode): boolean => {
    const byName = (name: string) => directives.find((one) => one.name.value === name);
    for (const [name, skipsIf] of [
      ['skip', true],
      ['include', false],
    ] as const) {
      const node = byName(name);
      const definition = schema.getDirective(name);
      if (!node || !definition) continue;
      if (readArguments(definition, node, `@${name}.`)['if'] === skipsIf) return true;
    }
    return false;
  };

  const getField = (type: GraphQLNamedType | undefined, name: string) => {
    const fields = type && 'getFields' in type && !isInputObjectType(type) ? type.getFields() : {};
    return fields[name] ?? META_FIELDS.get(name);
  };

  const read = (set: SelectionSetNode, parent: GraphQLNamedType | undefined): void => {
    for (const selection of set.selections) {
      if (isSkipped(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const field = getField(parent, selection.name.value);
        if (!field) continue;
        if (selection.arguments?.length) readArguments(field, selection, '');
        if (selection.selectionSet) read(selection.selectionSet, getNamedType(field.type));
        continue;
      }
      let fragment: Pick<FragmentDefinitionNode, 'selectionSet'> & {
        readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined;
      };
      if (selection.kind === Kind.INLINE_FRAGMENT) fragment = selection;
      else {
        const spread = fragments.get(selection.name.value);
        if (!spread) continue;
        fragments.delete(selection.name.value);
        fragment = spread;
      }
      const condition = fragment.typeCondition?.name.value;
      read(fragment.selectionSet, condition === undefined ? parent : schema.getType(condition));
    }
  };

  read(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
};
