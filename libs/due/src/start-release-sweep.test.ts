import { makeLogger } from '@cartograph/logging';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startReleaseSweep, type Release } from './start-release-sweep.ts';

const INTERVAL_MS = 1_000;

let logged: Record<string, unknown>[];
let stop: (() => Promise<void>) | null;

beforeEach(() => {
  vi.useFakeTimers();
  logged = [];
});

afterEach(async () => {
  await stop?.();
  vi.useRealTimers();
});

const start = async (release: Release): Promise<void> => {
  const log = makeLogger(
    { name: 'test', level: 'info' },
    { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  stop = startReleaseSweep({ release, of: 'expired reservations', intervalMs: INTERVAL_MS, log });
  await vi.advanceTimersByTimeAsync(0);
};

describe('a sweep for stock to release', () => {
  it('tries batches until one is not full, now and after each interval', async () => {
    const tried = [100, 100, 7, 0];
    const release = vi.fn<Release>(async () => tried.shift() ?? 0);
    await start(release);
    expect(release).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(release).toHaveBeenCalledTimes(4);
    expect(logged.map(({ msg, released }) => [msg, released])).toEqual([
      ['stock released', 100],
      ['stock released', 100],
      ['stock released', 7],
    ]);
  });

  it('skips what failed until the next round, and logs it', async () => {
    const skipped: string[][] = [];
    await start(async (_limit, failed, onFailure) => {
      skipped.push([...failed]);
      if (failed.has('a')) return 0;
      failed.add('a');
      onFailure('a', new Error('locked'));
      return 100;
    });
    expect(skipped).toEqual([[], ['a']]);
    expect(logged).toMatchObject([
      { order_id: 'a', of: 'expired reservations', msg: 'stock not released' },
      { released: 99 },
    ]);
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(skipped).toEqual([[], ['a'], [], ['a']]);
  });

  it('ends a round in which everything fails', async () => {
    let next = 0;
    const release = vi.fn<Release>(async (limit, failed) => {
      for (let count = 0; count < limit; count += 1) failed.add(String((next += 1)));
      return limit;
    });
    await start(release);
    expect(release).toHaveBeenCalledTimes(10);
  });

  it('continues after a round that failed, and not after it was stopped', async () => {
    const release = vi.fn<Release>().mockRejectedValue(new Error('no database'));
    await start(release);
    await vi.advanceTimersByTimeAsync(INTERVAL_MS);
    expect(release).toHaveBeenCalledTimes(2);
    expect(logged).toMatchObject([{ err: { message: 'no database' } }, {}]);
    await stop?.();
    await vi.advanceTimersByTimeAsync(10 * INTERVAL_MS);
    expect(release).toHaveBeenCalledTimes(2);
  });
});
