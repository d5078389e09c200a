import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limitLines } from './limit-lines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const takeMany = (limit: ReturnType<typeof limitLines>, count: number) =>
  Array.from({ length: count }, limit.take);

describe('a limit of lines', () => {
  it('lets ten be written, and counts those that it leaves out for the next', () => {
    const limit = limitLines();
    expect(takeMany(limit, 10)).toEqual(Array(10).fill(0));
    expect(takeMany(limit, 5)).toEqual(Array(5).fill(null));
    vi.advanceTimersByTime(100);
    expect(takeMany(limit, 2)).toEqual([5, null]);
    vi.advanceTimersByTime(100);
    expect(limit.take()).toBe(1);
  });

  it('lets no more than ten be written after a pause', () => {
    const limit = limitLines();
    vi.advanceTimersByTime(60_000);
    expect(takeMany(limit, 11)).toEqual([...Array<number>(10).fill(0), null]);
  });
});
