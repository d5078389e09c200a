import { describe, expect, it } from '@jest/globals';
import { findNewlyLow } from './low-stock.ts';

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
