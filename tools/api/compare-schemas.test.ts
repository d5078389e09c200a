import { describe, expect, it } from 'vitest';
import { compareSchemas } from './compare-schemas.ts';
import type { Schema } from './schema.ts';

const code = (value: string): Schema => ({ type: 'string', enum: [value] });

const text: Schema = { type: 'string' };

/** A problem of one code, with its members; all of them are required. */
const problemOf = (value: string, members: Readonly<Record<string, Schema>> = {}): Schema => ({
  type: 'object',
  required: ['code', ...Object.keys(members)],
  properties: { code: code(value), ...members },
});

const STATUS: Schema = {
  oneOf: [problemOf('INVALID', { errors: text }), problemOf('MIXED'), problemOf('UNPAID')],
};

const compare = (after: Schema, before = STATUS) =>
  compareSchemas(
    { before, after, resolveBefore: (part) => part, resolveAfter: (part) => part },
    'problem',
  );

describe('the problems of a status', () => {
  const { oneOf: [invalid = {}, mixed = {}, unpaid = {}] = [] } = STATUS;

  it.each<[string, Schema, readonly string[]]>([
    ['no change', STATUS, []],
    ['another order', { oneOf: [unpaid, mixed, invalid] }, []],
    ['a new code', { oneOf: [...(STATUS.oneOf ?? []), problemOf('LATE')] }, []],
    [
      'a new member',
      { oneOf: [problemOf('INVALID', { errors: text, at: text }), mixed, unpaid] },
      [],
    ],
    ['a code that is gone', { oneOf: [invalid, unpaid] }, ['code "MIXED" is no longer sent']],
    [
      'all codes but one',
      invalid,
      ['code "MIXED" is no longer sent', 'code "UNPAID" is no longer sent'],
    ],
    [
      'a member that is gone',
      { oneOf: [problemOf('INVALID'), mixed, unpaid] },
      ['INVALID.errors: is no longer there'],
    ],
    [
      'a member that can be absent',
      { oneOf: [{ ...invalid, required: ['code'] }, mixed, unpaid] },
      ['INVALID.errors: can be absent now'],
    ],
    [
      'a member of another type',
      { oneOf: [problemOf('INVALID', { errors: { type: 'array' } }), mixed, unpaid] },
      ['INVALID.errors: was string, is array'],
    ],
  ])('with %s', (_what, after, faults) => {
    expect(compare(after)).toEqual(faults);
  });

  it('that are all one schema may not lose a code either', () => {
    const all = { type: 'object', properties: { code: { enum: ['INVALID', 'MIXED', 'LATE'] } } };
    const before = { type: 'object', properties: { code: { enum: ['INVALID', 'UNPAID'] } } };
    expect(compare(all, before)).toEqual(['code "UNPAID" is no longer sent']);
  });

  it('may not become another', () => {
    expect(compare(unpaid, mixed)).toEqual(['code "MIXED" is no longer sent']);
  });

  it('may have a member that is null only if it could be before', () => {
    const nullable = { anyOf: [text, { type: 'null' }] };
    const [before, after] = [problemOf('A', { note: text }), problemOf('A', { note: nullable })];
    expect(compare(before, after)).toEqual([]);
    expect(compare(after, before)).toEqual(['note: can now be "null"']);
  });
});
