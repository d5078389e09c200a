import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, readLimits } from './limits.ts';

describe('the limits of a client', () => {
  it('are the default ones where none are given', () => {
    expect(readLimits()).toEqual(DEFAULT_LIMITS);
    expect(readLimits({ maxRetries: 0 })).toEqual({ ...DEFAULT_LIMITS, maxRetries: 0 });
  });

  it.each([
    { maxRetries: -1 },
    { deadlineMs: 0 },
    { maxRetryWaitMs: 0.5 },
    { deadlineMs: 1e12 },
    { maxUrlLength: Number.NaN },
  ])('cannot be %j', (limits) => {
    expect(() => readLimits(limits)).toThrow(Object.keys(limits)[0]);
  });
});
