import {
  Kind,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
} from 'graphql';

/** The `@listSize` of a field. */
export type ListSize = {
  readonly assumedSize: number | null;
  /** The arguments that set the length; the largest of those that are given. */
  readonly slicingArguments: readonly string[];
  /** The fields below that have this length, in place of the field itself: a connection's nodes. */
  readonly sizedFields: readonly string[];
};

/** The cost directives of a schema, by schema coordinate: `Query.products`, `ProductFilter.text`. */
export type CostRules = {
  readonly weights: ReadonlyMap<string, number>;
  readonly listSizes: ReadonlyMap<string, ListSize>;
};

type Values = Readonly<Record<string, unknown>>;

const argumentsOf = (
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Values | null => {
  const directive = directives?.find((candidate) => candidate.name.value === name);
  if (!directive) return null;
  const given = directive.arguments ?? [];
  return Object.fromEntries(given.map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]));
};

const names = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

/**
 * Reads `@cost` and `@listSize` (the cost directives of Apollo Federation 2.9 and later, which are
 * those of IBM's GraphQL Cost Directives specification) from the text of a schema: a subgraph's, or
 * a supergraph's, where composition keeps them. A gateway's API schema has no directives.
 * @throws Error for a weight that is no number
 */
export const readCostRules = (document: DocumentNode): CostRules => {
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();

  const readWeight = (
    coordinate: string,
    node: FieldDefinitionNode | InputValueDefinitionNode,
  ): void => {
    const cost = argumentsOf(node.directives, 'cost');
    if (!cost) return;
    const weight = Number.parseFloat(String(cost['weight']));
    if (!Number.isFinite(weight) || weight < 0) {
      throw new Error(`@cost of ${coordinate} has a weight that is no number`);
    }
    weights.set(coordinate, weight);
  };

  const readField = (type: string, field: FieldDefinitionNode): void => {
    const coordinate = `${type}.${field.name.value}`;
    readWeight(coordinate, field);
    for (const arg of field.arguments ?? []) {
      readWeight(`${coordinate}(${arg.name.value}:)`, arg);
    }
    const size = argumentsOf(field.directives, 'listSize');
    if (!size) return;
    listSizes.set(coordinate, {
      assumedSize: typeof size['assumedSize'] === 'number' ? size['assumedSize'] : null,
      slicingArguments: names(size['slicingArguments']),
      sizedFields: names(size['sizedFields']),
    });
  };

  for (const definition of document.definitions) {
    const { kind } = definition;
    if (
      kind === Kind.OBJECT_TYPE_DEFINITION ||
      kind === Kind.OBJECT_TYPE_EXTENSION ||
      kind === Kind.INTERFACE_TYPE_DEFINITION ||
      kind === Kind.INTERFACE_TYPE_EXTENSION
    ) {
      for (const field of definition.fields ?? []) readField(definition.name.value, field);
    } else if (
      kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ||
      kind === Kind.INPUT_OBJECT_TYPE_EXTENSION
    ) {
      for (const field of definition.fields ?? []) {
        readWeight(`${definition.name.value}.${field.name.value}`, field);
      }
    }
  }
  return { weights, listSizes };
};
