import { describe, expect, it } from 'vitest';
import { isProblem } from '@cartograph/errors';
import { z } from 'zod';
import { id, isWithin, list, refuseNull, text, validate, wholeNumber } from './validate.ts';

const order = z.object({
  name: text(1, 5),
  items: z.array(z.object({ productId: id(), quantity: wholeNumber(1, 10) })),
});

const ID = '018f4e7a-7c1b-7def-8abc-0123456789ab';

const isFine = (schema: z.ZodType, value: unknown) => !isProblem(validate(schema, value) as object);

describe('validate', () => {
  it('returns the parsed input', () => {
    const items = [{ productId: ID.toUpperCase(), quantity: 1 }];
    expect(validate(order, { name: 'Ada', items, more: 'left out' })).toEqual({
      name: 'Ada',
      items: [{ productId: ID, quantity: 1 }],
    });
  });

  it('returns all faults, each with its path', () => {
    const input = {
      name: '',
      items: [
        { productId: ID, quantity: 1 },
        { productId: 'x', quantity: 11 },
      ],
    };
    expect(validate(order, input)).toMatchObject({
      kind: 'problem',
      code: 'VALIDATION_FAILED',
      message: 'name: must have 1 characters or more',
      fields: [
        { path: 'name', message: 'must have 1 characters or more' },
        { path: 'items.1.productId', message: 'is not an id' },
        { path: 'items.1.quantity', message: 'must be 10 or less' },
      ],
    });
  });

  it('returns only the first fault of a field', () => {
    const name = z.string().min(3, 'is too short').regex(/^a/, 'does not begin with a');
    expect(validate(z.object({ name }), { name: 'x' })).toMatchObject({
      fields: [{ path: 'name', message: 'is too short' }],
    });
  });

  it('never throws, even for hostile input', () => {
    const hostile = [undefined, null, 1, 'x', [], { name: {} }, JSON.parse('{"__proto__": {}}')];
    for (const input of hostile) {
      expect(validate(order, input)).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});

describe('text', () => {
  it('accepts a length within inclusive bounds', () => {
    expect(['a', 'abcde', '\u{1f600}ab'].every((value) => isFine(text(1, 5), value))).toBe(true);
    expect(['', 'abcdef', 1, null].some((value) => isFine(text(1, 5), value))).toBe(false);
  });

  it('counts code points, as Postgres and JSON Schema do', () => {
    expect(isFine(text(1, 5), '\u{1f600}'.repeat(5))).toBe(true);
    expect(isFine(text(1, 5), '\u{1f600}'.repeat(6))).toBe(false);
    expect(isFine(text(5, 9), '\u{1f600}'.repeat(4))).toBe(false);
    expect(isFine(text(5, 9), '\u{1f600}'.repeat(5))).toBe(true);
    expect(isFine(text(5, 9), 'abcde\u0315')).toBe(true);
  });

  it.each([
    ['a text that is too long', 'abcdef', 'must have 5 characters or fewer'],
    ['a text that is too short', 'a', 'must have 2 characters or more'],
    ['a text with a NUL', 'ab\0', 'must not contain the NUL character'],
    ['a text with a lone surrogate', 'ab\ud83d', 'must not contain an unpaired surrogate'],
    ['a text that is too long and malformed', '\0\ud83dabcdef', 'must have 5 characters or fewer'],
  ])('reports only the first fault of %s', (_what, value, message) => {
    const later: string[] = [];
    const schema = text(2, 5)
      .refine((given) => later.push(given) === 0, 'was checked')
      .toLowerCase();
    expect(validate(schema, value)).toMatchObject({ fields: [{ path: '', message }] });
    expect(later).toEqual([]);
  });

  it('does not read a text of more than twice as many UTF-16 units as it may have characters', () => {
    let read = 0;
    class Watched extends String {
      override [Symbol.iterator]() {
        read += 1;
        return super[Symbol.iterator]();
      }
    }
    const isRead = (text: string) => {
      read = 0;
      isWithin(new Watched(text) as string, 5);
      return read > 0;
    };
    expect(isRead('a'.repeat(11))).toBe(false);
    expect(isRead('a'.repeat(10))).toBe(true);
    expect(isRead('a'.repeat(5))).toBe(false);
  });

  it('refuses NUL, which Postgres cannot store', () => {
    for (const value of ['\0', 'a\0b', 'ab\0']) expect(isFine(text(0, 5), value)).toBe(false);
  });
});

describe('list', () => {
  it('accepts a length within inclusive bounds', () => {
    const schema = list(text(1, 5), 1, 2);
    expect(validate(schema, ['a', 'b'])).toEqual(['a', 'b']);
    expect(isFine(schema, ['a'])).toBe(true);
    for (const value of [[], ['a', 'b', 'c'], ['', 'a'], 'ab', {}, { length: 1 }, null]) {
      expect(isFine(schema, value)).toBe(false);
    }
  });

  it('checks the length before the items', () => {
    expect(validate(list(text(1, 5), 1, 2), Array(1_000).fill(''))).toMatchObject({
      fields: [{ path: '', message: 'must have 2 items or fewer' }],
    });
  });
});

describe('wholeNumber', () => {
  it('accepts integers within inclusive bounds', () => {
    expect([1, 10].every((value) => isFine(wholeNumber(1, 10), value))).toBe(true);
    const wrong = [0, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null];
    expect(wrong.filter((value) => isFine(wholeNumber(1, 10), value))).toEqual([]);
  });

  it('refuses a number that is not exact', () => {
    expect(isFine(wholeNumber(0, Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(isFine(wholeNumber(0, 2 ** 60), 2 ** 53)).toBe(false);
  });
});

describe('id', () => {
  it('accepts a UUID and nothing else', () => {
    expect(isFine(id(), ID)).toBe(true);
    const wrong = ['', 'x', `${ID} `, `${ID}\n`, `{${ID}}`, ID.replaceAll('-', ''), `${ID}\0`];
    wrong.push(ID.slice(1), ID.replace('0', 'x'), 'x'.repeat(1_000_000));
    expect(wrong.filter((value) => isFine(id(), value))).toEqual([]);
    for (const value of wrong) {
      expect(validate(id(), value)).toMatchObject({ fields: [{ message: 'is not an id' }] });
    }
  });
});

type RefundInput = { readonly amount?: number | null; readonly note?: string | null };

describe('refuseNull', () => {
  const check = (input: RefundInput) => refuseNull(input, { amount: 'for all of it' });

  it('accepts a value, an absent field and undefined', () => {
    for (const input of [{ amount: 0 }, {}, { amount: undefined }]) check(input as RefundInput);
  });

  it('refuses null, and says what the absence of the field means', () => {
    expect(() => check({ amount: null })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: 'amount must not be null: leave it out for all of it',
        argument: { path: 'input.amount', message: 'must not be null: leave it out for all of it' },
      }),
    );
  });

  it('accepts null in other fields', () => check({ note: null }));
});
