import { describe, expect, it } from '@jest/globals';
import { isProblem } from '@cartograph/errors';
import { z } from 'zod';
import { id, text, validate, wholeNumber } from './validate.ts';

const order = z.object({
  name: text(1, 5),
  items: z.array(z.object({ productId: id(), quantity: wholeNumber(1, 10) })),
});

const ID = '018f4e7a-7c1b-7def-8abc-0123456789ab';

const isFine = (schema: z.ZodType, value: unknown) => !isProblem(validate(schema, value) as object);

describe('validate', () => {
  it('returns what the schema makes of the input', () => {
    const items = [{ productId: ID.toUpperCase(), quantity: 1 }];
    expect(validate(order, { name: 'Ada', items, more: 'left out' })).toEqual({
      name: 'Ada',
      items: [{ productId: ID, quantity: 1 }],
    });
  });

  it('returns every fault at once, with its place', () => {
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

  it('never throws, whatever it is given', () => {
    const hostile = [undefined, null, 1, 'x', [], { name: {} }, JSON.parse('{"__proto__": {}}')];
    for (const input of hostile) {
      expect(validate(order, input)).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });
});

describe('text', () => {
  it('is of a length within bounds, both included', () => {
    expect(['a', 'abcde', '\u{1f600}ab'].every((value) => isFine(text(1, 5), value))).toBe(true);
    expect(['', 'abcdef', 1, null].some((value) => isFine(text(1, 5), value))).toBe(false);
  });

  it('has no NUL anywhere, which Postgres can not keep', () => {
    for (const value of ['\0', 'a\0b', 'ab\0']) expect(isFine(text(0, 5), value)).toBe(false);
  });
});

describe('a whole number', () => {
  it('is whole and within bounds, both included', () => {
    expect([1, 10].every((value) => isFine(wholeNumber(1, 10), value))).toBe(true);
    const wrong = [0, 11, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null];
    expect(wrong.filter((value) => isFine(wholeNumber(1, 10), value))).toEqual([]);
  });

  it('is no number that is not exact', () => {
    expect(isFine(wholeNumber(0, Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(isFine(wholeNumber(0, 2 ** 60), 2 ** 53)).toBe(false);
  });
});

describe('an id', () => {
  it('is a UUID and nothing around it', () => {
    expect(isFine(id(), ID)).toBe(true);
    const wrong = ['', 'x', `${ID} `, `${ID}\n`, `{${ID}}`, ID.replaceAll('-', ''), `${ID}\0`];
    expect(wrong.filter((value) => isFine(id(), value))).toEqual([]);
  });
});
