import { describe, expect, it } from 'vitest';
import { MAX_STOCK } from './input.ts';
import { findNewlyLow, lowStockThreshold } from './low-stock.ts';

const change = (before: number, after: number) => ({ productId: 'p', sku: 's', before, after });

describe('stock', () => {
  it.each([
    [6, 5],
    [6, 0],
    [1_000, 3],
  ])('is newly low when it falls from %i to %i', (before, after) => {
    expect(findNewlyLow([change(before, after)], 5)).toEqual([change(before, after)]);
  });

  it.each([
    [7, 6],
    [5, 4],
    [5, 5],
    [3, 5],
    [0, 9],
  ])('is not when it goes from %i to %i', (before, after) => {
    expect(findNewlyLow([change(before, after)], 5)).toEqual([]);
  });

  it('may be low at nothing only', () => {
    expect(findNewlyLow([change(2, 1)], 0)).toEqual([]);
    expect(findNewlyLow([change(1, 0)], 0)).toHaveLength(1);
  });
});

describe('the threshold', () => {
  it('is a whole number from 0 on, and 5 when it is not set', () => {
    expect([undefined, '0', '12'].map((value) => lowStockThreshold.parse(value))).toEqual([
      5, 0, 12,
    ]);
    expect(lowStockThreshold.parse(String(MAX_STOCK))).toBe(MAX_STOCK);
    // Postgres compares it with the stock, as an integer.
    for (const value of ['-1', '1.5', 'few', 'Infinity', '3000000000']) {
      expect(lowStockThreshold.safeParse(value).success).toBe(false);
    }
  });
});
