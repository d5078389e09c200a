import { describe, expect, it } from '@jest/globals';
import { nextDeclineLook } from './ask-provider.ts';

const MINUTE_MS = 60_000;
const declinedAt = new Date('2026-01-01T00:00:00Z');
const after = (minutes: number) => new Date(declinedAt.getTime() + minutes * MINUTE_MS);

describe('a decline', () => {
  it.each([
    [0, 10],
    [9.99, 10],
    [10, 60],
    [59, 60],
    [60, 360],
    [300, 360],
  ])('that is %d minutes old is asked about when it is %d minutes old', (age, next) => {
    expect(nextDeclineLook(declinedAt, after(age))).toEqual(after(next));
  });

  it.each([360, 361, 100_000])('that is %d minutes old is not asked about any more', (age) => {
    expect(nextDeclineLook(declinedAt, after(age))).toBeNull();
  });
});
