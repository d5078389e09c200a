import { describe, expect, it } from 'vitest';
import { problem, ShopError } from '@cartograph/errors';
import { readId, readText, toResult } from './to-graphql.ts';

const ID = '018f4e7a-7c1b-7def-8abc-0123456789ab';

/** The error's message; null when there is none. */
const refusalOf = (read: () => unknown): { code: string; message: string } | null => {
  try {
    read();
    return null;
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    return { code: error.code, message: error.message };
  }
};

describe('an id of a client', () => {
  it('is converted to lower case', () => {
    expect(readId(ID.toUpperCase())).toBe(ID);
  });

  it.each([
    [''],
    ['x'],
    [`${ID} `],
    [ID.replace('0', 'x')],
    [ID.replaceAll('-', '')],
    ['x'.repeat(1_000_000)],
  ])('that is not a UUID is refused by its name, and not repeated', (id) => {
    const refusal = { code: 'BAD_USER_INPUT', message: 'orderId is not an id' };
    expect(refusalOf(() => readId(id, 'orderId'))).toEqual(refusal);
  });
});

describe('a text of a client', () => {
  it('is unchanged, up to its length in code points', () => {
    for (const text of ['', 'a\u0315', '\u{1f600}'.repeat(5)]) {
      expect(readText(text, 'sku', 5)).toBe(text);
    }
  });

  it.each([
    ['too many characters', 'abcdef', 'sku must have 5 characters or fewer'],
    ['very many', 'x'.repeat(1_000_000), 'sku must have 5 characters or fewer'],
    ['a NUL', 'a\0', 'sku has a NUL character'],
    ['an unpaired surrogate', 'a\ud83d', 'sku must not contain an unpaired surrogate'],
  ])('with %s is refused by its name, and not repeated', (_what, text, message) => {
    const refusal = { code: 'BAD_USER_INPUT', message };
    expect(refusalOf(() => readText(text, 'sku', 5))).toEqual(refusal);
  });
});

describe('the result of a domain function', () => {
  it('becomes the success type', () => {
    expect(toResult({ kind: 'order', id: 1 }, ({ id }) => ({ id }))).toEqual({ id: 1 });
  });

  it('becomes the type of its problem, with its fields', () => {
    const result = toResult(problem('SKU_TAKEN', { sku: 'A' }), () => null);
    expect(result).toEqual({
      __typename: 'SkuTakenProblem',
      code: 'SKU_TAKEN',
      message: expect.any(String),
      sku: 'A',
    });
  });
});
