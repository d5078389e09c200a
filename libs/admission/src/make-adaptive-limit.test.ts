import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeAdaptiveLimit, type AdaptiveLimit } from './make-adaptive-limit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const makeLimit = () =>
  makeAdaptiveLimit({ least: 10, most: 100, targetMs: 300, stalledMs: 1_000 });

/** Some seconds of requests, of which `slowPart` take too long. */
const run = (limit: AdaptiveLimit, seconds: number, slowPart: number, wasFull = true): void => {
  for (let tick = 0; tick < seconds * 10; tick += 1) {
    for (let index = 0; index < 10; index += 1) {
      limit.record(index / 10 < slowPart ? 400 : 20, wasFull);
    }
    vi.advanceTimersByTime(100);
  }
};

describe('the limit', () => {
  it('falls while most requests take too long, down to its least', () => {
    const limit = makeLimit();
    const first = limit.current();
    run(limit, 0.3, 1);
    expect(limit.current()).toBeLessThan(first);
    run(limit, 5, 1);
    expect(limit.current()).toBe(10);
  });

  it('rises within five seconds when all slots are in use and few are slow, up to its most', () => {
    const limit = makeLimit();
    run(limit, 5, 1);
    run(limit, 5, 0);
    expect(limit.current()).toBe(100);
  });

  it('stays where slots are free, however slow requests are, and where some wait for others', () => {
    const limit = makeLimit();
    const first = limit.current();
    run(limit, 5, 0, false);
    run(limit, 5, 1, false);
    expect(limit.current()).toBe(first);
    const other = makeLimit();
    run(other, 5, 0.4);
    expect(other.current()).toBe(first);
  });

  it('returns to its first value within five seconds when slots are free again', () => {
    const limit = makeLimit();
    const first = limit.current();
    run(limit, 5, 1);
    run(limit, 5, 1, false);
    expect(limit.current()).toBe(first);
  });

  it('keeps a higher value when slots are free', () => {
    const limit = makeLimit();
    run(limit, 5, 0);
    run(limit, 5, 1, false);
    expect(limit.current()).toBe(100);
  });

  it('rises while a part of the requests stall, if few of the others are slow', () => {
    const limit = makeLimit();
    run(limit, 5, 1);
    for (let tick = 0; tick < 50; tick += 1) {
      for (let index = 0; index < 10; index += 1) limit.record(index < 4 ? 1_000 : 20, true);
      vi.advanceTimersByTime(100);
    }
    expect(limit.current()).toBe(100);
  });

  it('falls while most requests stall', () => {
    const limit = makeLimit();
    for (let tick = 0; tick < 50; tick += 1) {
      for (let index = 0; index < 10; index += 1) limit.record(index < 6 ? 1_000 : 20, true);
      vi.advanceTimersByTime(100);
    }
    expect(limit.current()).toBe(10);
  });

  it('does not follow a single request', () => {
    const limit = makeLimit();
    const first = limit.current();
    for (let index = 0; index < 7; index += 1) limit.record(10_000, true);
    expect(limit.current()).toBe(first);
  });
});
