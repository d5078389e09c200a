import { readCostRules } from '@cartograph/operation-limits';
import { Kind, specifiedScalarTypes } from 'graphql';
import { lineOf, type Convention } from './fault.ts';
import { fieldsIn, isList, nameOfType } from './schema-nodes.ts';

/** A list of objects says how long it can be, by `@listSize`: costs are computed from it. */
export const checkListSizes: Convention = (document) => {
  const leaves = new Set([
    ...specifiedScalarTypes.map(({ name }) => name),
    ...document.definitions.flatMap((node) =>
      node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.SCALAR_TYPE_DEFINITION
        ? [node.name.value]
        : [],
    ),
  ]);
  const { listSizes } = readCostRules(document);
  const fields = fieldsIn(document);
  // The lists of a connection are as long as the field that returns it says.
  const sized = new Set(
    fields.flatMap(({ coordinate, field }) =>
      (listSizes.get(coordinate)?.sizedFields ?? []).map(
        (name) => `${nameOfType(field.type)}.${name}`,
      ),
    ),
  );
  return fields
    .filter(({ field }) => isList(field.type) && !leaves.has(nameOfType(field.type)))
    .filter(({ coordinate }) => !sized.has(coordinate) && !listSizes.has(coordinate))
    .map(({ coordinate, field }) => ({
      line: lineOf(field),
      rule: 'list-sizes',
      message: `${coordinate} does not say how long the list can be: @listSize(assumedSize: 10)`,
    }));
};
