import type { OperationDefinitionNode } from 'graphql';

/** The cost is stored of requests with so many values in their variables: with more, the key is long. */
export const MAX_REMEMBERED_VALUES = 20;

/** Characters of what the cost depends on. */
const MAX_KEY_LENGTH = 500;

/** Costs that are stored of one operation. With one more, all are measured anew. */
const MAX_COSTS = 100;

/** What the cost depends on of a value in an object or a list: which fields and items there are. */
const shapeOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(shapeOf).join()}]`;
  if (typeof value !== 'object') return '_';
  const fields = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}:${shapeOf(inner)}`,
  );
  return `{${fields.join()}}`;
};

/** What the cost depends on: a number may be the length of a list, other values only have a shape. */
const keyOf = (variables: Readonly<Record<string, unknown>>): string => {
  let key = '';
  for (const [name, value] of Object.entries(variables)) {
    key += `${JSON.stringify(name)}:${typeof value === 'number' ? value : shapeOf(value)},`;
  }
  return key;
};

/**
 * Makes the store of what operations cost. An operation of a document that Apollo Server has cached is
 * the same object in each request; its costs go with it.
 */
export const makeCostStore = () => {
  const known = new WeakMap<OperationDefinitionNode, Map<string, number>>();
  return {
    /**
     * Finds the cost of an operation with variables of the same shape, or else measures it.
     */
    find: (
      operation: OperationDefinitionNode,
      variables: Readonly<Record<string, unknown>>,
      measure: () => number,
    ): number => {
      const key = keyOf(variables);
      if (key.length > MAX_KEY_LENGTH) return measure();
      const costs = known.get(operation) ?? new Map<string, number>();
      known.set(operation, costs);
      const stored = costs.get(key);
      if (stored !== undefined) return stored;
      if (costs.size >= MAX_COSTS) costs.clear();
      const cost = measure();
      costs.set(key, cost);
      return cost;
    },
  };
};
