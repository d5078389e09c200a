import fc from 'fast-check';
import type { Schema } from './contract.ts';

/** Values that mean something to the shop, by the name of the member or parameter. */
export type KnownValues = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Longer texts and lists than this are only made where a limit is tried. */
const MAX_LENGTH = 40;
const MAX_ITEMS = 4;

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  uri: fc.webUrl(),
  'idn-email': fc.emailAddress(),
  'date-time': fc
    .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
};

/** Counted as JSON Schema counts: in code points. */
export const lengthOf = (text: string): number => [...text].length;

const anyText = ({ format, pattern, minLength = 0, maxLength }: Schema): fc.Arbitrary<string> => {
  const longest = maxLength ?? MAX_LENGTH;
  const isWithin = (text: string): boolean => {
    const length = lengthOf(text);
    // A format or a pattern may require more than MAX_LENGTH.
    return length >= minLength && length <= (maxLength ?? Infinity);
  };
  const known = format === undefined ? undefined : FORMATS[format];
  if (known) return known.filter(isWithin);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter(isWithin);
  const bounds = { minLength, maxLength: Math.min(longest, MAX_LENGTH) };
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ ...bounds, unit: 'grapheme-ascii' }) },
    { weight: 4, arbitrary: fc.string({ ...bounds, unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('\u00e9', '\u{1f600}').map((one) => one.repeat(longest)),
    },
  );
};

const anyInteger = ({ minimum = 0, maximum = 1_000, not }: Schema): fc.Arbitrary<number> =>
  fc
    .oneof(
      { weight: 2, arbitrary: fc.integer({ min: minimum, max: Math.min(maximum, minimum + 20) }) },
      {
        weight: 2,
        arbitrary: fc.integer({ min: Math.max(minimum, -5), max: Math.min(maximum, 5_000) }),
      },
      { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
    )
    .filter((number) => number !== not?.const);

const anyObject = (schema: Schema, known: KnownValues): fc.Arbitrary<object> => {
  const members = Object.entries(schema.properties ?? {}).map(
    ([name, member]) => [name, known[name] ?? anyValue(member, known)] as const,
  );
  return fc.record(Object.fromEntries(members), { requiredKeys: [...(schema.required ?? [])] });
};

/** Makes values that a schema allows; those of `known` in place of any. */
export const anyValue = (schema: Schema, known: KnownValues = {}): fc.Arbitrary<unknown> => {
  const { type, anyOf, items = {}, minItems = 0, maxItems = MAX_ITEMS } = schema;
  if (anyOf) return fc.oneof(...anyOf.map((one) => anyValue(one, known)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return anyInteger(schema);
  if (type === 'object') return anyObject(schema, known);
  if (type === 'array') {
    const maxLength = Math.min(maxItems, MAX_ITEMS);
    return fc.array(anyValue(items, known), { minLength: minItems, maxLength });
  }
  return anyText(schema);
};
