import { describe, expect, it, jest } from '@jest/globals';
import { keepRunning, type ProcessExit, type RunningProcess } from './keep-running.ts';

/** A process that ends when told to. */
function makeFake() {
  const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
  const stop = jest.fn(async () => {
    resolve({ code: 0, signal: null });
  });
  const running: RunningProcess = { pid: 1, exited, stop };
  return { running, stop, kill: () => resolve({ code: null, signal: 'SIGKILL' }) };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

const keep = (start: () => Promise<RunningProcess>, lines: string[] = []) =>
  keepRunning({
    name: 'order',
    start,
    log: (line) => lines.push(line),
    signal: new AbortController().signal,
  });

describe('keepRunning', () => {
  it('starts a process again that ended unexpectedly, and says so in one line', async () => {
    const fakes = [makeFake(), makeFake()];
    const lines: string[] = [];
    const start = jest.fn(
      async () => fakes[start.mock.calls.length - 1]?.running as RunningProcess,
    );
    const kept = await keep(start, lines);
    fakes[0]?.kill();
    await until(() => start.mock.calls.length === 2);
    expect(lines).toEqual(['order ended unexpectedly (SIGKILL); starting it again in 250 ms']);
    expect(kept.deaths()).toBe(1);
    await kept.stop();
    expect(fakes[1]?.stop).toHaveBeenCalled();
  });

  it('tries again when a later start fails', async () => {
    const fakes = [makeFake(), makeFake()];
    const lines: string[] = [];
    const start = jest
      .fn<() => Promise<RunningProcess>>()
      .mockResolvedValueOnce(fakes[0]?.running as RunningProcess)
      .mockRejectedValueOnce(new Error('no memory'))
      .mockResolvedValueOnce(fakes[1]?.running as RunningProcess);
    const kept = await keep(start, lines);
    fakes[0]?.kill();
    await until(() => start.mock.calls.length === 3);
    expect(lines[1]).toBe('order could not be started (no memory); starting it again in 500 ms');
    await kept.stop();
  });

  it('leaves the first failure to the caller', async () => {
    await expect(keep(() => Promise.reject(new Error('no such file')))).rejects.toThrow(
      'no such file',
    );
  });

  it('does not start again what it was told to stop', async () => {
    const fake = makeFake();
    const start = jest.fn(async () => fake.running);
    const kept = await keep(start);
    await kept.stop();
    expect(start).toHaveBeenCalledTimes(1);
    expect(kept.deaths()).toBe(0);
  });

  it('gives up a start that waits for its delay when it is stopped', async () => {
    const fake = makeFake();
    const lines: string[] = [];
    const start = jest.fn(async () => fake.running);
    const kept = await keep(start, lines);
    fake.kill();
    await until(() => lines.length === 1);
    await kept.stop();
    expect(start).toHaveBeenCalledTimes(1);
  });

  it('stops what came up while it was being stopped', async () => {
    const [first, late] = [makeFake(), makeFake()];
    const { promise, resolve } = Promise.withResolvers<RunningProcess>();
    const start = jest
      .fn<() => Promise<RunningProcess>>()
      .mockResolvedValueOnce(first.running)
      .mockReturnValueOnce(promise);
    const kept = await keep(start);
    first.kill();
    await until(() => start.mock.calls.length === 2);
    const stopped = kept.stop();
    resolve(late.running);
    await stopped;
    expect(late.stop).toHaveBeenCalled();
  });
});
