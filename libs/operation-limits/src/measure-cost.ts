import { MAX_PAGE_SIZE } from '@cartograph/pagination';
import {
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { CostRules, ListSize } from './cost-rules.ts';

/** The default weight of an object. Scalars and enums have 0. */
const OBJECT_COST = 1;

/** The assumed length of a list without `@listSize`. */
const UNKNOWN_LIST_SIZE = 10;

/** Introspection has no directives. Its lists are as long as the schema. */
const INTROSPECTION_COSTS: Readonly<Record<string, number>> = { __schema: 1_000, __type: 100 };

type Values = Readonly<Record<string, unknown>>;

/** The length that a connection gives to its `nodes` and `edges`. */
type Sized = { readonly fields: readonly string[]; readonly size: number };

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/**
 * Measures the maximum cost of an operation: the sum over its fields of the weight times the lengths of
 * all lists around it. Duplicates and aliases are counted, conditions (`@include`) are assumed true. A
 * page above the maximum size is rejected when its field is resolved, so it counts as the maximum. The document is valid and within the limits of checkDocument: fragments are unfolded.
 */
export const measureCost = (
  {
    schema,
    document,
    operation,
  }: {
    readonly schema: GraphQLSchema;
    readonly document: DocumentNode;
    readonly operation: OperationDefinitionNode;
  },
  variables: Values,
  rules: CostRules,
): number => {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  // A client names its variables: `constructor` and `__proto__` are names like others.
  const values = Object.create(null) as Record<string, unknown>;
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    const { value: name } = variable.name;
    const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
    values[name] = given === undefined && defaultValue ? valueFromASTUntyped(defaultValue) : given;
  }

  const costOfInput = (value: unknown, type: GraphQLInputType): number => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || !isRecord(value)) return 0;
    if (Array.isArray(value)) {
      return value.reduce<number>((sum, item) => sum + costOfInput(item, named), 0);
    }
    let cost = 0;
    for (const [name, field] of Object.entries(named.getFields())) {
      if (value[name] === undefined || value[name] === null) continue;
      cost += rules.weights.get(`${named.name}.${name}`) ?? 0;
      cost += costOfInput(value[name], field.type);
    }
    return cost;
  };

  const readArguments = (node: FieldNode, field: GraphQLField<unknown, unknown>): Values => {
    const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
    return Object.fromEntries(
      field.args.map(({ name, defaultValue }) => {
        const value = given.get(name);
        const read = value && valueFromASTUntyped(value, values);
        return [name, read === undefined ? defaultValue : read];
      }),
    );
  };

  const readSize = (args: Values, rule: ListSize | undefined): number => {
    const lengths = (rule?.slicingArguments ?? [])
      .map((name) => args[name])
      .filter((value) => typeof value === 'number');
    if (lengths.length === 0) return rule?.assumedSize ?? UNKNOWN_LIST_SIZE;
    return Math.min(MAX_PAGE_SIZE, Math.max(0, ...lengths));
  };

  const costOfField = (node: FieldNode, parent: GraphQLNamedType, sized: Sized | null): number => {
    const name = node.name.value;
    const introspection = INTROSPECTION_COSTS[name];
    if (introspection !== undefined) return introspection;
    const hasFields = isObjectType(parent) || isAbstractType(parent);
    const field = hasFields && 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (!field) return 0; // `__typename`
    const coordinate = `${parent.name}.${name}`;
    const args = readArguments(node, field);
    const rule = rules.listSizes.get(coordinate);
    const type = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));

    let size = 1;
    if (sized?.fields.includes(name)) size = sized.size;
    else if (name === '_entities') size = [args['representations']].flat().length;
    else if (isList) size = readSize(args, rule);
    const below =
      rule && rule.sizedFields.length > 0
        ? { fields: rule.sizedFields, size: readSize(args, rule) }
        : null;

    let cost = rules.weights.get(coordinate) ?? (isCompositeType(type) ? OBJECT_COST : 0);
    if (node.selectionSet) cost += costOf(node.selectionSet, type, below);
    cost *= size;
    for (const arg of field.args) {
      const value = args[arg.name];
      if (value === undefined || value === null) continue;
      cost += rules.weights.get(`${coordinate}(${arg.name}:)`) ?? 0;
      cost += costOfInput(value, arg.type);
    }
    return cost;
  };

  const costOf = (set: SelectionSetNode, parent: GraphQLNamedType, sized: Sized | null): number => {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += costOfField(selection, parent, sized);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (!fragment) continue;
      const condition = fragment.typeCondition?.name.value;
      const type = condition === undefined ? parent : schema.getType(condition);
      if (type) cost += costOf(fragment.selectionSet, type, sized);
    }
    return cost;
  };

  const root = schema.getRootType(operation.operation);
  return root ? costOf(operation.selectionSet, root, null) : 0;
};
