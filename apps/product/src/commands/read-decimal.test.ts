import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { readDecimal } from './read-product.ts';

describe('readDecimal', () => {
  it.each([
    ['9.99', 2, 999n],
    ['12', 2, 1200n],
    [' 0.1 ', 2, 10n],
    ['+1.5', 2, 150n],
    ['-0.01', 2, -1n],
    ['9.9900', 2, 999n],
    ['1.005', 3, 1005n],
    ['1500', 0, 1500n],
    ['1500.0', 0, 1500n],
    ['1E+3', 2, 100_000n],
    ['125e-1', 2, 1250n],
    // As a floating point number this is 90071992547409.92.
    ['90071992547409.91', 2, 9_007_199_254_740_991n],
  ])('reads %s with %d digits', (text, digits, units) => {
    expect(readDecimal(text, digits)).toBe(units);
  });

  it.each(['9.999', '0.001', '1e-3'])('refuses to round %s', (text) => {
    expect(readDecimal(text, 2)).toBe('TOO_MANY_DIGITS');
  });

  it.each([
    '',
    ' ',
    'NaN',
    'Infinity',
    '1,99',
    '1.',
    '.5',
    '0x10',
    '1 000',
    '=1+1',
    '1e9999',
    '١٢',
  ])('takes %j for no number', (text) => {
    expect(readDecimal(text, 2)).toBe('NOT_A_NUMBER');
  });

  it('reads back every amount as it was written', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 4 }), (amount, digits) => {
        const text = String(amount).padStart(digits + 1, '0');
        const at = text.length - digits;
        const written = digits === 0 ? text : `${text.slice(0, at)}.${text.slice(at)}`;
        expect(readDecimal(written, digits)).toBe(BigInt(amount));
      }),
    );
  });
});
