import { describe, expect, it } from '@jest/globals';
import { refuseNull } from './refuse-null.ts';

type Input = { readonly amount?: number | null; readonly note?: string | null };

describe('a field that may be left out', () => {
  const check = (input: Input) => refuseNull(input, { amount: 'for all of it' });

  it('is taken with a value, left out, and undefined', () => {
    for (const input of [{ amount: 0 }, {}, { amount: undefined }]) check(input as Input);
  });

  it('is refused as null, with what leaving it out means', () => {
    expect(() => check({ amount: null })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: 'amount must not be null: leave it out for all of it',
      }),
    );
  });

  it('may be null where that means nothing else', () => check({ note: null }));
});
