import type { OperationDefinitionNode } from 'graphql';

/** The cost is stored of requests with so many values in their variables: with more, the key is long. */
export const MAX_REMEMBERED_VALUES = 20;

/** Characters of the variables as JSON. */
const MAX_KEY_LENGTH = 500;

/** Costs that are stored of one operation. With one more, all are measured anew. */
const MAX_COSTS = 100;

/**
 * Makes the store of what operations cost. An operation of a document that Apollo Server has cached is
 * the same object in each request; its costs go with it.
 */
export const makeCostStore = () => {
  const known = new WeakMap<OperationDefinitionNode, Map<string, number>>();
  return {
    /**
     * Finds the cost of an operation, or else measures it.
     * @param variables as JSON
     */
    find: (operation: OperationDefinitionNode, variables: string, measure: () => number) => {
      if (variables.length > MAX_KEY_LENGTH) return measure();
      const costs = known.get(operation) ?? new Map<string, number>();
      known.set(operation, costs);
      const stored = costs.get(variables);
      if (stored !== undefined) return stored;
      if (costs.size >= MAX_COSTS) costs.clear();
      const cost = measure();
      costs.set(variables, cost);
      return cost;
    },
  };
};
