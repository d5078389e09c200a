import { describe, expect, it } from 'vitest';
import { addAmounts, formatDecimal, MAX_AMOUNT, multiplyAmount } from './money.ts';

describe('money', () => {
  it('multiplies a unit price by a quantity', () => {
    expect(multiplyAmount(1999, 3)).toBe(5997);
    expect(multiplyAmount(0, 1000)).toBe(0);
  });

  it('refuses a product that is no longer exact', () => {
    expect(multiplyAmount(MAX_AMOUNT, 2)).toBeNull();
  });

  it('adds amounts, and refuses a sum that is no longer exact', () => {
    expect(addAmounts([])).toBe(0);
    expect(addAmounts([1, 2, 3])).toBe(6);
    expect(addAmounts([MAX_AMOUNT, 1])).toBeNull();
  });
});

describe('formatDecimal', () => {
  it.each([
    [1999, 'EUR', '19.99'],
    [5, 'EUR', '0.05'],
    [0, 'EUR', '0.00'],
    [100, 'USD', '1.00'],
    [1999, 'JPY', '1999'],
    [0, 'VND', '0'],
    [1234, 'BHD', '1.234'],
    [7, 'CLF', '0.0007'],
    [-5, 'EUR', '-0.05'],
    [MAX_AMOUNT, 'EUR', '90071992547409.91'],
    [MAX_AMOUNT, 'JPY', '9007199254740991'],
  ])('writes %d %s as %s', (amount, currency, text) => {
    expect(formatDecimal({ amount, currency })).toBe(text);
  });
});
