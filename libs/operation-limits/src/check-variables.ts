import { refusal, tooLarge, type OperationLimits } from './limits.ts';

/**
 * Counts the values of a request's variables, and how deep they are nested, before any is coerced.
 * @returns how many there are
 * @throws GraphQLError that names the limit
 */
export const checkVariables = (variables: unknown, limits: OperationLimits): number => {
  let count = 0;
  const add = (more: number): void => {
    count += more;
    if (count > limits.variableValues) throw refusal(tooLarge(limits, 'variableValues'));
  };
  const read = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (depth > limits.depth) throw refusal(tooLarge(limits, 'depth'));
    if (Array.isArray(value)) {
      add(value.length);
      for (const item of value) read(item, depth + 1);
      return;
    }
    // Not Object.values: making a list of 100,000 keys takes longer than this check.
    for (const name in value) {
      add(1);
      read((value as Record<string, unknown>)[name], depth + 1);
    }
  };
  read(variables, 0);
  return count;
};
