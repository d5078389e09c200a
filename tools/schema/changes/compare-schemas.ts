import {
  ChangeType,
  CriticalityLevel,
  diff,
  type Criticality,
  type TypeOfChangeType,
} from '@graphql-inspector/core';
import {
  getNamedType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Change, Level } from './change.ts';

/** A change as graphql-inspector describes it; its own type says nothing of `meta`. */
type Found = {
  readonly type: TypeOfChangeType;
  readonly path?: string;
  readonly message: string;
  readonly criticality: Criticality;
  readonly meta: object;
};

const LEVELS: Readonly<Record<CriticalityLevel, Level>> = {
  [CriticalityLevel.Breaking]: 'breaking',
  [CriticalityLevel.Dangerous]: 'dangerous',
  [CriticalityLevel.NonBreaking]: 'safe',
};

/** What the field's word for it does not say: whom a dangerous change surprises. */
const DANGERS: Readonly<Record<string, string>> = {
  [ChangeType.UnionMemberAdded]:
    'a client that handles every member of the union receives one that it does not know',
  [ChangeType.EnumValueAdded]:
    'a client that handles every value of the enum receives one that it does not know',
  [ChangeType.ObjectTypeInterfaceAdded]:
    'a client that handles every type of the interface receives one that it does not know',
  [ChangeType.FieldArgumentDefaultChanged]:
    'clients that leave the argument out get another result',
  [ChangeType.InputFieldDefaultValueChanged]: 'clients that leave the field out get another result',
};

/** Changes after which the operations that they concern are not valid. */
const SEEN_BY_VALIDATION: ReadonlySet<string> = new Set([
  ChangeType.FieldArgumentAdded,
  ChangeType.FieldArgumentTypeChanged,
  ChangeType.FieldArgumentRemoved,
]);

/** `Query.products.first` is `Query.products(first:)`; what is said of `@deprecated` is of the field. */
const toCoordinate = (path: string): string => {
  const [type = '', field, argument] = path
    .split('.')
    .filter((part, n) => n === 0 || !part.startsWith('@'));
  if (field === undefined) return type;
  return argument === undefined ? `${type}.${field}` : `${type}.${field}(${argument}:)`;
};

const usesOf = ({ type, path = '', meta }: Found): readonly string[] => {
  const coordinate = toCoordinate(path);
  const [typeName = ''] = path.split('.');
  const { addedInterfaceName } = meta as { addedInterfaceName?: string };
  if (type === ChangeType.ObjectTypeInterfaceAdded) return [addedInterfaceName ?? ''];
  if (type === ChangeType.FieldArgumentAdded || type === ChangeType.FieldArgumentTypeChanged) {
    return [path.split('.').slice(0, 2).join('.')];
  }
  // Operations that read an enum, or send the input, are concerned by what is new in it.
  if (type === ChangeType.EnumValueAdded || type === ChangeType.InputFieldAdded) return [typeName];
  return [coordinate];
};

/** The enums that are in responses: a new value of another one is only sent by those who know it. */
const outputEnums = (schema: GraphQLSchema): ReadonlySet<string> =>
  new Set(
    Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) => Object.values(type.getFields()))
      .map(({ type }) => getNamedType(type))
      .filter(isEnumType)
      .map(({ name }) => name),
  );

const levelOf = ({ type, path = '', criticality }: Found, enums: ReadonlySet<string>): Level => {
  const level = LEVELS[criticality.level];
  // What no client sends yet has its default, which is what it is now.
  const isInputAdded =
    type === ChangeType.FieldArgumentAdded || type === ChangeType.InputFieldAdded;
  if (isInputAdded && level === 'dangerous') return 'safe';
  const [typeName = ''] = path.split('.');
  if (type === ChangeType.EnumValueAdded && !enums.has(typeName)) return 'safe';
  return level;
};

/** A description has many words, of which the change is seldom one. */
const messageOf = ({ type, message }: Found): string => {
  const [, change] = /_DESCRIPTION_(ADDED|CHANGED|REMOVED)$/.exec(type) ?? [];
  if (change !== undefined) return `its description was ${change.toLowerCase()}`;
  return message.replaceAll("'undefined'", 'none').replaceAll(/'([^'\s]+)'/g, '`$1`');
};

/** The type, and the field, that a coordinate is in. */
const parentsOf = (coordinate: string): readonly string[] => {
  const [type = ''] = coordinate.split('.');
  const [field = ''] = coordinate.split('(');
  return [type, field].filter((parent) => parent !== coordinate);
};

/** Whether this is said of a type or field that is new itself. */
const isPartOfNew = ({ type, path = '' }: Found, added: ReadonlySet<string>): boolean => {
  const coordinate = toCoordinate(path);
  if (parentsOf(coordinate).some((parent) => added.has(parent))) return true;
  const isAddition = type === ChangeType.TypeAdded || type === ChangeType.FieldAdded;
  return !isAddition && added.has(coordinate);
};

/**
 * Finds what changed from one schema to another, with the level of each change. Uses of directives are
 * left out: `compareAccess` compares those that clients notice.
 * @param subgraph its name, when this is the schema of a subgraph
 */
export const compareSchemas = async (
  before: GraphQLSchema,
  after: GraphQLSchema,
  subgraph: string | null = null,
): Promise<readonly Change[]> => {
  const found = ((await diff(before, after)) as readonly Found[]).filter(
    ({ type }) => !type.startsWith('DIRECTIVE_USAGE'),
  );
  const added = new Set(
    found
      .filter(({ type }) => type === ChangeType.TypeAdded || type === ChangeType.FieldAdded)
      .map(({ path = '' }) => toCoordinate(path)),
  );
  const enums = outputEnums(after);
  return found
    .filter((change) => !isPartOfNew(change, added))
    .map((change) => {
      const level = levelOf(change, enums);
      const reason = DANGERS[change.type] ?? null;
      return {
        level,
        coordinate: toCoordinate(change.path ?? 'schema'),
        message: messageOf(change),
        reason: level === 'dangerous' ? (reason ?? change.criticality.reason ?? null) : null,
        subgraph,
        uses: usesOf(change),
        isSeenByValidation: SEEN_BY_VALIDATION.has(change.type),
        isContractOnly: false,
      };
    });
};
