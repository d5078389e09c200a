import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makePause, Paused } from './make-pause.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const failing = () => Promise.reject(new Error('down'));
const working = async () => 'up';

describe('a pause after a failure', () => {
  it('rejects all work until it is over, and then tries one', async () => {
    const run = makePause(1_000);
    expect(await run(working)).toBe('up');
    await expect(run(failing)).rejects.toThrow('down');
    vi.advanceTimersByTime(999);
    await expect(run(working)).rejects.toThrow(Paused);
    vi.advanceTimersByTime(1);
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = run(() => promise);
    await expect(run(working)).rejects.toThrow(Paused);
    resolve('up again');
    expect(await first).toBe('up again');
    expect(await run(working)).toBe('up');
  });

  it('begins again when the one that was tried has failed', async () => {
    const run = makePause(1_000);
    await expect(run(failing)).rejects.toThrow('down');
    vi.advanceTimersByTime(1_000);
    await expect(run(failing)).rejects.toThrow('down');
    vi.advanceTimersByTime(999);
    await expect(run(working)).rejects.toThrow(Paused);
    vi.advanceTimersByTime(1);
    expect(await run(working)).toBe('up');
  });
});
