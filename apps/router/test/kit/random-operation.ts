import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** Yes-or-no variables of every random operation, for conditions. */
export const CONDITIONS = ['yes', '__no'] as const;

/** What clients call fields: keys, entities, what gateways use, what JavaScript uses, and others. */
const ALIASES = [
  'id',
  'sku',
  'email',
  'role',
  'name',
  'status',
  'orders',
  'customer',
  'payments',
  '__typename',
  '_entities',
  'id__alias_0',
  'status__alias_1',
  'client_id',
  '__proto__',
  'constructor',
  'a',
  'b',
];

/** Whether, and which: numbers from 0 to `below`, from one seed. */
type Chooser = {
  readonly number: (below: number) => number;
  readonly chance: (of: number) => boolean;
};

/** Mulberry32. */
const makeChooser = (seed: number): Chooser => {
  let state = seed;
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return { number, chance: (of) => number(of) === 0 };
};

/** The shortest literal of a type. */
const literalOf = (type: GraphQLInputType): string => {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField);
    return `{ ${fields.map((field) => `${field.name}: ${literalOf(field.type)}`).join(' ')} }`;
  }
  return type.name === 'Int' || type.name === 'SafeInt' ? '1' : '"x"';
};

const MAX_DEPTH = 5;

/**
 * Makes an operation of random fields under random names, in fragments and under conditions. Not all
 * are valid: two fields that differ may get one name.
 */
export const makeRandomOperation = (schema: GraphQLSchema, seed: number): string => {
  const { number, chance } = makeChooser(seed);
  const fragments: string[] = [];

  const condition = (): string =>
    chance(8)
      ? ` @${chance(2) ? 'include' : 'skip'}(if: $${CONDITIONS[number(CONDITIONS.length)]})`
      : '';

  const alias = (): string => (chance(2) ? `${ALIASES[number(ALIASES.length)]}: ` : '');

  const fieldOf = (field: GraphQLField<unknown, unknown>, depth: number): string | null => {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && depth >= MAX_DEPTH) return null;
    const required = field.args.filter(isRequiredArgument);
    const given = required.map((arg) => `${arg.name}: ${literalOf(arg.type)}`).join(' ');
    const below = isCompositeType(type) ? ` ${selectionsOf(type, depth + 1)}` : '';
    return `${alias()}${field.name}${given && `(${given})`}${condition()}${below}`;
  };

  const selectionOf = (type: GraphQLNamedType, depth: number): string | null => {
    const fields =
      'getFields' in type && !isInputObjectType(type) ? Object.values(type.getFields()) : [];
    if (fields.length > 0 && !chance(5)) {
      return fieldOf(fields[number(fields.length)] as GraphQLField<unknown, unknown>, depth);
    }
    if (chance(2)) return `${alias()}__typename${condition()}`;
    const types =
      isObjectType(type) || !isCompositeType(type)
        ? [type]
        : [...schema.getPossibleTypes(type), ...(isInterfaceType(type) ? [type] : [])];
    const inner = types[number(types.length)] as GraphQLNamedType;
    const set = selectionsOf(inner, depth);
    if (chance(2)) return `... on ${inner.name}${condition()} ${set}`;
    // Names of its own for what the client calls fragments; plans name theirs.
    const name = `${chance(2) ? '_generated_' : 'F'}${fragments.length}`;
    fragments.push(`fragment ${name} on ${inner.name} ${set}`);
    return `...${name}${condition()}`;
  };

  const selectionsOf = (type: GraphQLNamedType, depth: number): string => {
    const count = 1 + number(depth === 1 ? 3 : 5);
    const selections = Array.from({ length: count }, () => selectionOf(type, depth));
    return `{ ${selections.filter((one) => one !== null).join(' ') || '__typename'} }`;
  };

  const kind = chance(4) ? 'mutation' : 'query';
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  if (!root) throw new Error('the schema has no root type');
  const variables = CONDITIONS.map((name) => `$${name}: Boolean!`).join(' ');
  const name = chance(2) ? 'representations' : 'Query__product__0';
  const set = selectionsOf(root, 1);
  // Each is used at least once, or the operation would not be valid.
  const used = CONDITIONS.map((one) => `__typename @include(if: $${one})`).join(' ');
  return `${kind} ${name}(${variables}) { ${used} ${set.slice(1)} ${fragments.join(' ')}`;
};
