import {
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** A response name at one path of the response: its fields, and the values in their arguments. */
type Place = { fields: number; values: number; readonly below: Map<string, Place> };

const countValues = (value: ValueNode): number => {
  if (value.kind === Kind.LIST)
    return value.values.reduce((sum, item) => sum + countValues(item), 1);
  if (value.kind !== Kind.OBJECT) return 1;
  return value.fields.reduce((sum, field) => sum + countValues(field.value), 1);
};

/**
 * Makes the count of fields that merge: those with one response path, over all definitions of a
 * document. Validation compares each of them with each other, with all that is below both:
 * `a { b }` eight times, each with eight `b`, is 64 fields `a.b` and 2,016 comparisons. It also prints
 * the arguments of both each time: their values are counted as often as they are printed.
 * The fragments have no cycles.
 */
export const makeMergedFieldCounter = (fragments: ReadonlyMap<string, FragmentDefinitionNode>) => {
  const valuesOf = new Map<FieldNode, number>();
  let mostFields = 0;
  let comparedValues = 0;

  const readValues = (field: FieldNode): number => {
    const known = valuesOf.get(field);
    if (known !== undefined) return known;
    const count = (field.arguments ?? []).reduce((sum, arg) => sum + countValues(arg.value), 0);
    valuesOf.set(field, count);
    return count;
  };

  const comparedAt = ({ fields, values }: Place): number => (fields - 1) * values;

  const read = (set: SelectionSetNode, places: Map<string, Place>): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) read(fragment.selectionSet, places);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        read(selection.selectionSet, places);
        continue;
      }
      const name = selection.alias?.value ?? selection.name.value;
      const place = places.get(name) ?? { fields: 0, values: 0, below: new Map() };
      places.set(name, place);
      if (place.fields > 0) comparedValues -= comparedAt(place);
      place.fields += 1;
      place.values += readValues(selection);
      comparedValues += comparedAt(place);
      mostFields = Math.max(mostFields, place.fields);
      if (selection.selectionSet) read(selection.selectionSet, place.below);
    }
  };

  return {
    /** Adds a definition, whose fields merge with none of another's. */
    add: (set: SelectionSetNode): void => read(set, new Map()),
    counted: () => ({ mergedFields: mostFields, mergedValues: comparedValues }),
  };
};
