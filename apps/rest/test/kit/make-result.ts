import {
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  isUnionType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';

const NUMBERS = new Set(['Int', 'SafeInt']);

/** Calls `make` once, when the value is first read. */
const once = (make: () => unknown): (() => unknown) => {
  let value: unknown;
  let isMade = false;
  return () => {
    if (!isMade) value = make();
    isMade = true;
    return value;
  };
};

let made = 0;

/**
 * Makes a value of a type of the graph, with another value in each number and text. Fields are made when they
 * are read, since types refer to each other.
 * @param member the type of a union's value; the first, which is no problem, by default
 */
export const makeResult = (given: GraphQLOutputType, member?: GraphQLObjectType): unknown => {
  const type = getNullableType(given);
  if (isListType(type)) return [makeResult(type.ofType)];
  if (isUnionType(type)) return makeResult(member ?? (type.getTypes()[0] as GraphQLObjectType));
  if (isObjectType(type)) {
    const fields = Object.values(type.getFields()).map(
      (field) => [field.name, once(() => makeResult(field.type))] as const,
    );
    return { __typename: type.name, ...Object.fromEntries(fields) };
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  made += 1;
  if (String(type) === 'Boolean') return true;
  return NUMBERS.has(String(type)) ? made : `text-${made}`;
};
