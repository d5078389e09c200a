import { describe, expect, it } from 'vitest';
import { growth, quantile } from './histogram.ts';

const histogram = (...counts: readonly number[]) =>
  new Map([0.1, 0.5, 1, Infinity].map((bound, index) => [bound, counts[index] ?? 0]));

describe('a quantile', () => {
  it.each([
    ['in the middle of a bucket', 0.5, histogram(0, 10, 10, 10), 0.3],
    ['at the upper bound of a bucket', 1, histogram(0, 10, 10, 10), 0.5],
    ['in the first bucket', 0.5, histogram(4, 4, 4, 4), 0.05],
    ['above the last finite bound', 0.99, histogram(0, 0, 1, 10), 1],
  ])('is estimated %s', (_where, q, values, expected) => {
    expect(quantile(q, values)).toBeCloseTo(expected);
  });

  it('of no values is null', () => {
    expect(quantile(0.99, histogram(0, 0, 0, 0))).toBeNull();
    expect(quantile(0.99, new Map())).toBeNull();
  });
});

describe('the growth of a histogram', () => {
  it('is what was added', () => {
    const grown = growth(histogram(1, 2, 3, 4), histogram(1, 5, 6, 9));
    expect(grown).toEqual(histogram(0, 3, 3, 5));
    expect(growth(new Map(), histogram(1, 1, 1, 1))).toEqual(histogram(1, 1, 1, 1));
  });

  it('begins again when the process has restarted', () => {
    const after = histogram(1, 1, 1, 1);
    expect(growth(histogram(5, 6, 7, 8), after)).toEqual(after);
  });
});
