import { describe, expect, it } from 'vitest';
import { nextDeclinePoll, nextPoll, PAYMENT_POLL, REFUND_POLL } from './poll-schedule.ts';

const since = new Date('2026-01-01T00:00:00Z');
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The pause in seconds at an age in seconds; null when there is no next poll. */
const pauseAt = (schedule: typeof PAYMENT_POLL, age: number): number | null => {
  const now = new Date(since.getTime() + age * 1_000);
  const next = nextPoll(schedule, since, now);
  return next && (next.getTime() - now.getTime()) / 1_000;
};

describe('the pause between polls', () => {
  it.each([
    [-5, 15],
    [0, 15],
    [60, 15],
    [64, 16],
    [HOUR, HOUR / 4],
    [4 * HOUR, HOUR],
    [DAY, HOUR],
    [30 * DAY, HOUR],
    [30 * DAY + 1, null],
  ])('of a payment that is %d s old is %s s', (age, pause) => {
    expect(pauseAt(PAYMENT_POLL, age)).toBe(pause);
  });

  it.each([
    [0, 15],
    [60, 60],
    [DAY, 6 * HOUR],
    [14 * DAY, 6 * HOUR],
    [14 * DAY + 1, null],
  ])('of a refund that is %d s old is %s s', (age, pause) => {
    expect(pauseAt(REFUND_POLL, age)).toBe(pause);
  });
});

describe('the poll of a decline', () => {
  const after = (minutes: number) => new Date(since.getTime() + minutes * 60_000);

  it.each([
    [0, 10],
    [9.99, 10],
    [10, 60],
    [59, 60],
    [60, 360],
    [300, 360],
  ])('at an age of %d minutes is due at %d minutes', (age, next) => {
    expect(nextDeclinePoll(since, after(age))).toEqual(after(next));
  });

  it.each([360, 361, 100_000])('ends at an age of %d minutes', (age) => {
    expect(nextDeclinePoll(since, after(age))).toBeNull();
  });
});
