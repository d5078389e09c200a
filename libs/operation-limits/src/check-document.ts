import {
  GraphQLError,
  Kind,
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { makeMergedFieldCounter } from './make-merged-field-counter.ts';
import { refusal, tooLarge, type LimitName, type OperationLimits } from './limits.ts';

/** The counts of a selection set with its fragments unfolded. */
type Size = { selections: number; aliases: number; depth: number };

type Definition = OperationDefinitionNode | FragmentDefinitionNode;

/** The same error as validation's, which would compare each pair of spread fragments, unknown ones too. */
const unknownFragment = ({ name }: FragmentSpreadNode): GraphQLError =>
  new GraphQLError(`Unknown fragment "${name.value}".`, {
    nodes: name,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });

/**
 * Checks a parsed document against the limits before it is validated: validation compares selections
 * with each other, so its time is quadratic. Here each node is visited once, and a fragment is measured
 * once, however often it is spread: the time is linear in the length of the document. Then, only within
 * the limits, fragments are unfolded to count fields that merge.
 * @throws GraphQLError that names the limit, or the fragment that spreads itself or does not exist
 */
export const checkDocument = (document: DocumentNode, limits: OperationLimits): void => {
  const definitions: Definition[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  const counts = { operations: 0, fragments: 0, variables: 0, directives: 0 };
  const sizes = new Map<Definition, Size | 'under way'>();

  const count = (name: keyof typeof counts, by: number): void => {
    counts[name] += by;
    limit(name, counts[name]);
  };
  const limit = (name: LimitName, found: number): void => {
    if (found > limits[name]) throw refusal(tooLarge(limits, name));
  };

  const readValue = (value: ValueNode, depth: number): void => {
    limit('depth', depth);
    if (value.kind === Kind.LIST) for (const item of value.values) readValue(item, depth + 1);
    if (value.kind === Kind.OBJECT)
      for (const field of value.fields) readValue(field.value, depth + 1);
  };
  const readArguments = (given: readonly ArgumentNode[] = []): void => {
    for (const { value } of given) readValue(value, 0);
  };
  const readDirectives = (directives: readonly DirectiveNode[] = []): void => {
    count('directives', directives.length);
    limit('nodeDirectives', directives.length);
    for (const directive of directives) readArguments(directive.arguments);
  };

  const add = (size: Size, inner: Size): void => {
    size.selections += inner.selections;
    size.aliases += inner.aliases;
    size.depth = Math.max(size.depth, inner.depth);
    limit('selections', size.selections);
    limit('aliases', size.aliases);
    limit('depth', size.depth);
  };

  /** @param level 1 for the selections of a definition, so that depth is bounded on the way down */
  const measureSet = (set: SelectionSetNode, level: number): Size => {
    limit('depth', level);
    const size: Size = { selections: 0, aliases: 0, depth: 1 };
    for (const selection of set.selections) {
      const isAlias = selection.kind === Kind.FIELD && selection.alias !== undefined;
      add(size, { selections: 1, aliases: isAlias ? 1 : 0, depth: 1 });
      readDirectives(selection.directives);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) throw unknownFragment(selection);
        add(size, measure(fragment));
        continue;
      }
      if (selection.kind === Kind.FIELD) readArguments(selection.arguments);
      if (selection.selectionSet) {
        const inner = measureSet(selection.selectionSet, level + 1);
        add(size, { ...inner, depth: inner.depth + 1 });
      }
    }
    return size;
  };

  const measure = (definition: Definition): Size => {
    const known = sizes.get(definition);
    if (known === 'under way') {
      const name = definition.name?.value ?? '';
      throw new GraphQLError(`Cannot spread fragment "${name}" within itself.`);
    }
    if (known) return known;
    sizes.set(definition, 'under way');
    readDirectives(definition.directives);
    for (const variable of definition.variableDefinitions ?? []) {
      readDirectives(variable.directives);
      if (variable.defaultValue) readValue(variable.defaultValue, 0);
    }
    const size = measureSet(definition.selectionSet, 1);
    sizes.set(definition, size);
    return size;
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      count('operations', 1);
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      count('fragments', 1);
      fragments.set(definition.name.value, definition);
    } else {
      continue; // A definition of types: validation rejects it by its kind.
    }
    count('variables', definition.variableDefinitions?.length ?? 0);
    definitions.push(definition);
  }
  const total: Size = { selections: 0, aliases: 0, depth: 0 };
  for (const definition of definitions) add(total, measure(definition));
  const merged = makeMergedFieldCounter(fragments);
  for (const { selectionSet } of definitions) merged.add(selectionSet);
  const { mergedFields, mergedValues } = merged.counted();
  limit('mergedFields', mergedFields);
  limit('mergedValues', mergedValues);
};
