import {
  coerceInputValue,
  getVariableValues,
  GraphQLError,
  isInputType,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** Limits of one object in the variables. The input types of the schemas stay far below them. */
const MAX_FIELDS = 100;
const MAX_FIELD_NAME = 100;

const MAX_DEPTH = 20;

/** Longer than any enum value or scalar, except texts: any prefix of a text is a text. */
const MAX_TEXT_IN_ERROR = 200;

type Variables = Readonly<Record<string, unknown>>;

const refuse = (
  message: string,
  cause?: GraphQLError,
  place?: { readonly argument: string; readonly fault: string } | null,
): GraphQLError =>
  new GraphQLError(message, {
    ...(cause?.nodes && { nodes: cause.nodes }),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 }, ...place },
  });

/** The variables of a request that passed the check. */
export type CheckedVariables = {
  /** Coerced to the types of the operation. */
  readonly values: Variables;
  /** Whether texts in `values` are truncated. */
  readonly isTruncated: boolean;
};

/**
 * Checks the size of the variables.
 * @returns whether a text is longer than errors may repeat
 * @throws GraphQLError when there are too many values or they are nested too deeply
 */
const checkSize = (variables: Variables, maxValues: number): boolean => {
  let values = 0;
  let hasLongText = false;

  const readObject = (object: object, depth: number): void => {
    const names = Object.keys(object);
    if (names.length > MAX_FIELDS) {
      throw refuse(`variables: an object must have ${MAX_FIELDS} fields or fewer`);
    }
    if (names.some((name) => name.length > MAX_FIELD_NAME)) {
      throw refuse(`variables: a name must have ${MAX_FIELD_NAME} characters or fewer`);
    }
    for (const name of names) read((object as Variables)[name], depth);
  };

  const read = (value: unknown, depth: number): void => {
    values += 1;
    if (values > maxValues) throw refuse(`variables: must have ${maxValues} values or fewer`);
    if (depth > MAX_DEPTH) throw refuse(`variables: must be nested ${MAX_DEPTH} deep or less`);
    if (typeof value === 'string') hasLongText ||= value.length > MAX_TEXT_IN_ERROR;
    // JSON parses 1e400 as infinity, and serializes that as null.
    if (value === Infinity || value === -Infinity) {
      throw refuse('variables: a number is too large');
    }
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) for (const item of value) read(item, depth + 1);
    else readObject(value, depth + 1);
  };

  readObject(variables, 0);
  return hasLongText;
};

/** Copies a value and truncates every text. The copy is valid when the original is. */
const truncate = (value: unknown): unknown => {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_IN_ERROR);
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(truncate) : truncateFields(value);
};

const truncateFields = (object: object): Variables =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, truncate(value)]));

const SUGGESTION = ' Did you mean ';

/** A sentence of graphql-js without its suggestion, which would show names of the schema. */
const withoutSuggestion = (message: string): string => {
  const start = message.endsWith('?') ? message.lastIndexOf(SUGGESTION) : -1;
  return start < 0 ? message : message.slice(0, start);
};

/** Stops at the first fault of a value. */
class FoundFault extends Error {
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], fault: string) {
    super(fault);
    this.path = path;
  }
}

/**
 * The first value of the variables that is not of its type: its path from the name of the variable,
 * `input.items.0.quantity`, and what is wrong with it. Null for a variable that is missing.
 */
const findFault = (
  schema: GraphQLSchema,
  definitions: NonNullable<OperationDefinitionNode['variableDefinitions']>,
  variables: Variables,
): { readonly argument: string; readonly fault: string } | null => {
  for (const { variable, type: node } of definitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, node);
    if (!isInputType(type) || !Object.hasOwn(variables, name)) continue;
    try {
      coerceInputValue(variables[name], type, (path, _value, { message }) => {
        throw new FoundFault([name, ...path], message);
      });
    } catch (error) {
      if (!(error instanceof FoundFault)) throw error;
      return { argument: error.path.join('.'), fault: withoutSuggestion(error.message) };
    }
  }
  return null;
};

/**
 * Checks the variables of an operation in one pass, and stops at the first fault. graphql-js reports
 * every fault, each with the whole value around it: 9 kB of unknown fields cost 0.7 s and a response
 * of 9 MB, and both grow quadratically.
 * @param maxValues how many values the variables may contain in total
 * @throws GraphQLError BAD_USER_INPUT of the first fault, with the path of the value
 */
export const checkVariables = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
  maxValues: number,
): CheckedVariables => {
  const isTruncated = checkSize(variables, maxValues);
  const short = isTruncated ? truncateFields(variables) : variables;
  const options = { maxErrors: 1 };
  const { errors, coerced } = getVariableValues(schema, variableDefinitions, short, options);
  const [first] = errors ?? [];
  if (first) throw refuse(first.message, first, findFault(schema, variableDefinitions, short));
  return { values: coerced ?? {}, isTruncated };
};
