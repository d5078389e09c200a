import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  parse,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

/** An argument or input field of a subgraph's public schema that takes a text. */
export type TextInput = {
  /** `Mutation.login(input.email)`. */
  readonly coordinate: string;
  /** A text is a wrong value for all types but String and ID. */
  readonly type: string;
  /** The maximum length that its description states; null when it states none. */
  readonly maxLength: number | null;
  readonly makeRequest: (value: string) => { query: string; variables: object };
};

/** Ids are UUIDs. */
const ID_LENGTH = 36;

const MAX_DEPTH = 5;

const LENGTH = /(\d+) characters/g;

/** The last number in a description is the maximum: `1 to 200 characters`. */
const readLength = (description: string | null | undefined): number | null => {
  const [, length] = [...(description ?? '').matchAll(LENGTH)].at(-1) ?? [];
  return length === undefined ? null : Number(length);
};

const isHidden = (node: {
  astNode?: { directives?: readonly { name: { value: string } }[] | undefined } | null | undefined;
}) => (node.astNode?.directives ?? []).some(({ name }) => name.value === 'inaccessible');

/** A minimal value of a type. */
const sample = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return sample(type.ofType);
  if (isListType(type)) return [sample(type.ofType)];
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type)]));
  }
  if ('getValues' in type) return type.getValues()[0]?.name;
  return ['Int', 'SafeInt', 'Float'].includes(type.name)
    ? 1
    : type.name === 'Currency'
      ? 'EUR'
      : 'x';
};

type Leaf = {
  readonly path: string;
  readonly type: string;
  readonly maxLength: number | null;
  readonly put: (value: string) => unknown;
};

/** Every leaf of an argument; `put` makes the whole argument with a text in that place. */
const findLeaves = (input: GraphQLArgument | GraphQLInputField, depth = 0): readonly Leaf[] => {
  const wrap = (type: GraphQLInputType, value: unknown): unknown => {
    if (isNonNullType(type)) return wrap(type.ofType, value);
    return isListType(type) ? [wrap(type.ofType, value)] : value;
  };
  const named = getNamedType(input.type);
  if (!isInputObjectType(named)) {
    const maxLength = named.name === 'ID' ? ID_LENGTH : readLength(input.description);
    const put = (value: string) => wrap(input.type, value);
    return [{ path: input.name, type: named.name, maxLength, put }];
  }
  if (depth > MAX_DEPTH) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    findLeaves(field, depth + 1).map((leaf) => ({
      ...leaf,
      path: `${input.name}.${leaf.path}`,
      put: (value: string) =>
        wrap(input.type, { ...(sample(named) as object), [field.name]: leaf.put(value) }),
    })),
  );
};

const select = ({ type }: GraphQLField<unknown, unknown>): string => {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const hasFaults =
    isUnionType(named) && named.getTypes().some(({ name }) => name === 'ValidationFailedProblem');
  const faults = hasFaults ? '... on ValidationFailedProblem { fields { path message } }' : '';
  return `{ __typename ${isUnionType(named) ? '... on Problem { message }' : ''} ${faults} }`;
};

/** The id of an entity that need not exist. */
const ANY_ID = '018f4e7a-7c1b-7def-8abc-0123456789ab';

const findInputsOfField = (
  typeName: string,
  field: GraphQLField<unknown, unknown>,
  id: string,
): readonly TextInput[] =>
  field.args.flatMap((argument) =>
    findLeaves(argument).map(({ path, type, maxLength, put }) => ({
      coordinate: `${typeName}.${field.name}(${path})`,
      type,
      maxLength,
      makeRequest: (value) => {
        const others = field.args.filter((arg) => arg !== argument && isRequiredArgument(arg));
        const given = [argument, ...others];
        const variables = given.map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ');
        const args = given.map(({ name }) => `${name}: $${name}`).join(', ');
        const selection = `${field.name}(${args}) ${select(field)}`;
        const values = {
          ...Object.fromEntries(others.map(({ name, type: of }) => [name, sample(of)])),
          [argument.name]: put(value),
        };
        if (typeName === 'Query' || typeName === 'Mutation') {
          const query = `${typeName.toLowerCase()} (${variables}) { ${selection} }`;
          return { query, variables: values };
        }
        const key = { __typename: typeName, id };
        const query = `query ($keys: [_Any!]!, ${variables}) {
          _entities(representations: $keys) { ... on ${typeName} { ${selection} } }
        }`;
        return { query, variables: { ...values, keys: [key] } };
      },
    })),
  );

const readSchema = (file: URL): GraphQLSchema =>
  buildASTSchema(parse(readFileSync(file, 'utf8')), { assumeValid: true, assumeValidSDL: true });

/**
 * Finds every argument and input field that takes a text, so that new ones are found without a change.
 * @param ids by type name, the id of an entity that exists: where a service loads the entity first,
 * the fields of an unknown one are never resolved
 */
export const findTextInputs = (
  file: URL,
  ids: Readonly<Record<string, string>> = {},
): readonly TextInput[] =>
  Object.values(readSchema(file).getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => !isHidden(field))
        .flatMap((field) => findInputsOfField(type.name, field, ids[type.name] ?? ANY_ID)),
    );
