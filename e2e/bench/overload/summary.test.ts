import { describe, expect, it } from 'vitest';
import { arrivalsDue } from './open-loop.ts';
import { judgeOverload, summarize } from './summary.ts';

const answered = (ms: number) => ({ status: 200, hasRetryAfter: false, ms });
const rejected = { status: 503, hasRetryAfter: true, ms: 3 };
const reset = { status: null, hasRetryAfter: false, ms: 9 };

const heldOf = (arrivals: Parameters<typeof summarize>[0], peak: number) =>
  judgeOverload('page', peak, summarize(arrivals, 1)).map(({ held }) => held);

describe('an overload', () => {
  it('has arrivals at a fixed rate', () => {
    expect(arrivalsDue(200, 5)).toBe(1);
    expect(arrivalsDue(200, 999)).toBe(199);
  });

  it('is summed up by what became of each request', () => {
    const without = { status: 503, hasRetryAfter: false, ms: 1 };
    const arrivals = [answered(10), answered(1000), answered(1001), rejected, without, reset];
    expect(summarize(arrivals, 2)).toMatchObject({
      offeredPerSecond: 3,
      inTimePerSecond: 1,
      late: 1,
      rejected: 1,
      failed: 1,
      resets: 1,
    });
  });

  it('holds when nine tenths of the peak are answered in time and the rest is rejected', () => {
    const nine = Array.from({ length: 9 }, () => answered(100));
    expect(heldOf([...nine, rejected, rejected], 10)).toEqual([true, true, true]);
    expect(heldOf([...nine.slice(1), rejected], 10)).toEqual([false, true, true]);
    expect(heldOf([...nine, answered(1500)], 10)).toEqual([true, false, true]);
    expect(heldOf([...nine, reset], 10)).toEqual([true, true, false]);
    expect(heldOf([...nine, { ...rejected, ms: 1200 }], 10)).toEqual([true, false, true]);
  });
});
