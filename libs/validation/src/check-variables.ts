import {
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

/** In one object, and of what its fields are called: no input type comes near either. */
const MAX_FIELDS = 100;
const MAX_FIELD_NAME = 100;

const MAX_DEPTH = 20;

/** No value of an enum or a scalar of ours is longer; a text may be, and it is any text. */
const SHOWN_LENGTH = 200;

type Variables = Readonly<Record<string, unknown>>;

const refuse = (message: string, cause?: GraphQLError): GraphQLError =>
  new GraphQLError(message, {
    ...(cause?.nodes && { nodes: cause.nodes }),
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });

/**
 * Makes a copy of variables with every text cut short, which is valid where the whole is.
 * @throws GraphQLError when there are too many values in it, or it is nested too deep
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
    if (typeof value === 'string') return value.slice(0, SHOWN_LENGTH);
    // JSON reads 1e400 as infinity, and writes that as null.
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
 * Checks the variables of an operation in one pass, and stops at the first fault. graphql-js finds
 * them all and repeats in each the whole value that it is in: 9 kB of unknown fields cost 0.7 s and
 * are answered with 9 MB, both growing with the square.
 * @param maxValues how many values the variables may hold in all
 * @returns the values after coercion, with texts cut short
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
