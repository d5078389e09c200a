import { describe, expect, it } from '@jest/globals';
import { addAmounts, MAX_AMOUNT, multiplyAmount } from './money.ts';

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
