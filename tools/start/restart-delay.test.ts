import { describe, expect, it } from '@jest/globals';
import { restartDelay } from './restart-delay.ts';

describe('restartDelay', () => {
  it('doubles from a quarter of a second up to five', () => {
    const delays = [1, 2, 3, 4, 5, 6, 100].map(restartDelay);
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });
});
