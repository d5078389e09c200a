import fc from 'fast-check';
import type { Schema } from './contract.ts';
import { anyValue, type KnownValues } from './make-value.ts';

/** A way to break one rule of a schema. */
export type Fault = { readonly what: string; readonly value: fc.Arbitrary<unknown> };

const fault = (what: string, ...values: readonly unknown[]): Fault => ({
  what,
  value: fc.constantFrom(...values),
});

const WRONG_FORMATS: Readonly<Record<string, readonly string[]>> = {
  uuid: ['no-uuid', '0197a3c1-5e0c-7c52-9d3e'],
  uri: ['no uri'],
  'idn-email': ['no-address', '@', 'a@b@c'],
  'date-time': ['yesterday', '2026-01-31', '2026-13-01T00:00:00Z'],
};

const MISFITS = ['', ' ', '!', '-a-', 'A B', '\u00e4\u00f6', 'a--b!', 'x'.repeat(70)];

/** The texts that break a rule of a schema, however they are sent. */
const listTextFaults = (schema: Schema): readonly Fault[] => {
  const { format, pattern, minLength = 0, maxLength } = schema;
  const wrong = WRONG_FORMATS[format ?? ''] ?? [];
  const rule = new RegExp(pattern ?? '');
  const misfits = pattern === undefined ? [] : MISFITS.filter((text) => !rule.test(text));
  return [
    ...(maxLength === undefined ? [] : [fault('too long', 'x'.repeat(maxLength + 1))]),
    ...(minLength > 0 ? [fault('too short', 'x'.repeat(minLength - 1))] : []),
    ...(wrong.length > 0 ? [fault(`no ${format}`, ...wrong)] : []),
    ...(misfits.length > 0 ? [fault('not of the pattern', ...misfits)] : []),
    ...(schema.enum ? [fault('no value of the list', 'NONE', 'x', '')] : []),
  ];
};

const listNumberFaults = ({ minimum, maximum, not }: Schema): readonly Fault[] => [
  ...(minimum === undefined ? [] : [fault('too small', minimum - 1)]),
  ...(maximum === undefined ? [] : [fault('too large', maximum + 1)]),
  ...(not ? [fault('excluded', not.const)] : []),
];

const WRONG_TYPES: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, true, {}, ['x'], null],
  integer: [1.5, '1', true, [], null],
  boolean: ['true', 1, null],
  array: [{}, 'x', null],
  object: [[], 'x', 7, null],
};

const within = (name: string, { what, value }: Fault): Fault => ({
  what: `${name}: ${what}`,
  value,
});

const listArrayFaults = (schema: Schema, known: KnownValues): readonly Fault[] => {
  const { items = {}, minItems = 0, maxItems } = schema;
  const tooMany =
    maxItems === undefined
      ? []
      : [
          {
            what: 'too many items',
            value: anyValue(items, known).map((item) => Array(maxItems + 1).fill(item) as unknown),
          },
        ];
  const ofItems = listFaults(items, known).map((one) => ({
    ...within('items', one),
    value: one.value.map((item) => [item]),
  }));
  return [...(minItems > 0 ? [fault('no item', [])] : []), ...tooMany, ...ofItems];
};

const listObjectFaults = (schema: Schema, known: KnownValues): readonly Fault[] => {
  const { properties = {}, required = [], additionalProperties } = schema;
  const valid = anyValue(schema, known) as fc.Arbitrary<Record<string, unknown>>;
  const missing = required.map((name) => ({
    what: `${name} is missing`,
    value: valid.map(({ [name]: _left, ...rest }) => rest as unknown),
  }));
  const unknown = {
    what: 'an unknown member',
    value: valid.map((body) => ({ ...body, no_such_member: 1 })),
  };
  const ofMembers = Object.entries(properties).flatMap(([name, member]) =>
    listFaults(member, known).map((one) => ({
      ...within(name, one),
      value: fc.tuple(valid, one.value).map(([body, value]) => ({ ...body, [name]: value })),
    })),
  );
  return [...missing, ...(additionalProperties === false ? [unknown] : []), ...ofMembers];
};

/** Every way to break one rule of a schema in JSON. */
export const listFaults = (schema: Schema, known: KnownValues): readonly Fault[] => {
  const { type = 'string', anyOf } = schema;
  if (anyOf) {
    // `null` is allowed: what breaks the other variants breaks all of them.
    const [only] = anyOf.filter((one) => one.type !== 'null');
    return only ? listFaults(only, known).filter(({ what }) => what !== 'of another type') : [];
  }
  const wrongType = fault('of another type', ...(WRONG_TYPES[type] ?? []));
  if (type === 'integer') return [wrongType, ...listNumberFaults(schema)];
  if (type === 'array') return [wrongType, ...listArrayFaults(schema, known)];
  if (type === 'object') return [wrongType, ...listObjectFaults(schema, known)];
  return [wrongType, ...listTextFaults(schema)];
};

/** Every way to break one rule of a schema in a path, a query or a header. */
export const listParameterFaults = (schema: Schema): readonly Fault[] => {
  const { type, items, maxItems } = schema;
  if (type === 'boolean') return [fault('no boolean', 'yes', '1', '')];
  if (type === 'integer') return [fault('no integer', 'x', '1.5', ''), ...listNumberFaults(schema)];
  if (type !== 'array' || !items) return listTextFaults(schema);
  const tooMany = Array.from({ length: (maxItems ?? 0) + 1 }, (_, index) => `x${index}`).join(',');
  return [
    ...listTextFaults(items),
    ...(maxItems === undefined ? [] : [fault('too many', tooMany)]),
  ];
};
