import { describe, expect, it } from 'vitest';
import { makeRing } from './make-ring.ts';

describe('a ring', () => {
  it('holds the last values alone, the oldest first', () => {
    const ring = makeRing<number>(3);
    expect(ring.values()).toEqual([]);
    for (const value of [1, 2]) ring.add(value);
    expect(ring.values()).toEqual([1, 2]);
    for (const value of [3, 4, 5, 6, 7]) ring.add(value);
    expect(ring.values()).toEqual([5, 6, 7]);
  });
});
