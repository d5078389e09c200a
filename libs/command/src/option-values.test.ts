import { describe, expect, it } from 'vitest';
import { matching, wholeNumber } from './option-values.ts';

describe('a whole number on the command line', () => {
  const read = wholeNumber(1, 500);

  it('is read within its bounds, both included', () => {
    expect(['1', '42', '500', '007'].map(read)).toEqual([1, 42, 500, 7]);
  });

  it.each(['abc', '', ' ', '0', '501', '-1', '+1', '1.5', '1e2', '0x10', 'NaN', 'Infinity', '٣'])(
    'refuses %j and says what it must be',
    (text) => expect(() => read(text)).toThrow('It must be a whole number from 1 to 500.'),
  );

  it('refuses digits without end', () => {
    expect(() => wholeNumber(0, Number.MAX_SAFE_INTEGER)('9'.repeat(100_000))).toThrow('whole');
  });
});

it('refuses a text that has another form, and says which it must have', () => {
  const read = matching(/^\d+(:\d+)*$/, 'numbers with colons between them');
  expect(read('3:0:1')).toBe('3:0:1');
  expect(() => read('3:')).toThrow('It must be numbers with colons between them.');
});
