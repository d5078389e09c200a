import { lineOf, type Convention } from './fault.ts';
import { fieldsIn, findDirective, nameOfType, textsIn } from './schema-nodes.ts';

/** How the description of an argument says its bounds: `from 1 to 100`. */
const BOUNDS = /\bfrom \d+ to \d+\b/;

/**
 * A field that returns a connection says how many items a page may have, and `@listSize` where they are;
 * a connection has its items also as `nodes`. Rules of graphql-eslint check the rest of its shape.
 */
export const checkConnections: Convention = (document) => {
  const fields = fieldsIn(document);
  const withNodes = new Set(
    fields.filter(({ field }) => field.name.value === 'nodes').map(({ typeName }) => typeName),
  );
  return fields.flatMap(({ coordinate, field }) => {
    const type = nameOfType(field.type);
    if (!type.endsWith('Connection')) return [];
    const counts = (field.arguments ?? []).filter(({ name }) =>
      /^(?:first|last)$/.test(name.value),
    );
    const listSize = findDirective(field, 'listSize');
    const slicing = textsIn(listSize, 'slicingArguments');
    const sized = textsIn(listSize, 'sizedFields');
    const faults = [
      ...counts
        .filter(({ description }) => !BOUNDS.test(description?.value ?? ''))
        .map(
          ({ name }) => `${coordinate}(${name.value}:) does not say its bounds: "from 1 to 100"`,
        ),
      ...counts
        .filter(({ name }) => !slicing.includes(name.value))
        .map(({ name }) => `@listSize of ${coordinate} has no slicingArgument "${name.value}"`),
      ...['edges', 'nodes']
        .filter((name) => !sized.includes(name))
        .map((name) => `@listSize of ${coordinate} has no sizedField "${name}"`),
      ...(withNodes.has(type)
        ? []
        : [`${type} has no field nodes, for clients that need no cursors`]),
    ];
    return faults.map((message) => ({ line: lineOf(field), rule: 'connections', message }));
  });
};
