import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeStalledCalls, MAX_STALLED_CALLS } from './stalled-calls.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Begins so many calls, which must all be allowed. @returns their ends */
const begin = (calls: ReturnType<typeof makeStalledCalls>, count: number): (() => void)[] =>
  Array.from({ length: count }, () => {
    const end = calls.begin();
    if (!end) throw new Error('the call was not allowed');
    return end;
  });

describe('calls of a subgraph', () => {
  it('are not limited while they are answered in time', () => {
    const calls = makeStalledCalls('product');
    begin(calls, 10 * MAX_STALLED_CALLS);
    vi.advanceTimersByTime(999);
    expect(calls.begin()).not.toBeNull();
  });

  it('are not sent while too many have stalled, and are again when one of these has ended', () => {
    const calls = makeStalledCalls('product');
    const [endFirst] = begin(calls, MAX_STALLED_CALLS);
    vi.advanceTimersByTime(1_000);
    expect(calls.begin()).toBeNull();
    endFirst?.();
    begin(calls, 1);
    expect(calls.begin()).not.toBeNull();
  });

  it('are sent while one less has stalled, however many are in progress', () => {
    const calls = makeStalledCalls('product');
    begin(calls, MAX_STALLED_CALLS - 1);
    vi.advanceTimersByTime(900);
    begin(calls, MAX_STALLED_CALLS);
    vi.advanceTimersByTime(100);
    expect(calls.begin()).not.toBeNull();
    vi.advanceTimersByTime(900);
    expect(calls.begin()).toBeNull();
  });
});
