import { describe, expect, it } from '@jest/globals';
import { readDeadline, remainingMs, runWithDeadline } from './deadline.ts';

describe('a deadline that travels', () => {
  it('is what is left, wherever it is asked for in the work of the request', async () => {
    const left = await runWithDeadline(5_000, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return remainingMs();
    });
    expect(left).toBeLessThan(4_990);
    expect(left).toBeGreaterThan(4_000);
  });

  it('is not there outside of a request, or when the caller set none', () => {
    expect(remainingMs()).toBeNull();
    expect(runWithDeadline(null, remainingMs)).toBeNull();
    expect(runWithDeadline(1_000, () => runWithDeadline(null, remainingMs))).toBeNull();
  });

  it.each([
    ['0', 0],
    ['1500', 1500],
    ['600001', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['', null],
    ['soon', null],
    [undefined, null],
    [['1', '2'], null],
  ])('is read from %j as %j', (header, expected) => {
    expect(readDeadline(header)).toBe(expected);
  });
});
