import {
  getVariableValues,
  GraphQLError,
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

const refuse = (message: string, cause?: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    ...(cause?.nodes && { nodes: cause.nodes }),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/**
 * Copies the variables and truncates every text. The copy is valid when the original is.
 * @throws GraphQLError when it has too many values or is nested too deeply
 */
const shorten = (variables: Variables, maxValues: number): Record<string, unknown> => {
  let values = 0;

  const shortenObject = (object: object, depth: number): Record<string, unknown> => {
    const entries = Object.entries(object);
    if (entries.length > MAX_FIELDS) {
      throw refuse(`variables: an object must have ${MAX_FIELDS} fields or fewer`);
    }
    if (entries.some(([name]) => name.length > MAX_FIELD_NAME)) {
      throw refuse(`variables: a name must have ${MAX_FIELD_NAME} characters or fewer`);
    }
    return Object.fromEntries(entries.map(([name, value]) => [name, shortenValue(value, depth)]));
  };

  const shortenValue = (value: unknown, depth: number): unknown => {
    values += 1;
    if (values > maxValues) throw refuse(`variables: must have ${maxValues} values or fewer`);
    if (depth > MAX_DEPTH) throw refuse(`variables: must be nested ${MAX_DEPTH} deep or less`);
    if (typeof value === 'string') return value.slice(0, MAX_TEXT_IN_ERROR);
    // JSON parses 1e400 as infinity, and serializes that as null.
    if (value === Infinity || value === -Infinity) {
      throw refuse('variables: a number is too large');
    }
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value)
      ? value.map((item) => shortenValue(item, depth + 1))
      : shortenObject(value, depth + 1);
  };

  return shortenObject(variables, 0);
};

/**
 * Checks the variables of an operation in one pass, and stops at the first fault. graphql-js reports
 * every fault, each with the whole value around it: 9 kB of unknown fields cost 0.7 s and a response
 * of 9 MB, and both grow quadratically.
 * @param maxValues how many values the variables may contain in total
 * @returns the coerced values, with truncated texts
 * @throws GraphQLError BAD_USER_INPUT of the first fault
 */
export const checkVariables = (
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
  maxValues: number,
): Record<string, unknown> => {
  const { errors, coerced } = getVariableValues(
    schema,
    variableDefinitions,
    shorten(variables, maxValues),
    {
      maxErrors: 1,
    },
  );
  const [first] = errors ?? [];
  if (first) throw refuse(first.message, first);
  return coerced ?? {};
};
