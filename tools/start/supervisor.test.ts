import { describe, expect, it, vi } from 'vitest';
import type { ProcessExit, RunningProcess } from '../postgres/running-process.ts';
import { makeSupervisor, restartDelay } from './supervisor.ts';

/** A process that ends when it is stopped or killed. */
const makeFake = () => {
  const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
  const stop = vi.fn(async () => {
    resolve({ code: 0, signal: null });
  });
  const kill = () => resolve({ code: null, signal: 'SIGKILL' });
  const running: RunningProcess = { pid: 1, exited, stop, kill, isListening: () => true };
  return { running, stop, kill };
};

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
};

const supervise = async (start: () => Promise<RunningProcess>, lines: string[] = []) => {
  const { signal } = new AbortController();
  const supervisor = makeSupervisor({ log: (line) => lines.push(line), signal });
  await supervisor.start({ name: 'order', stopOrder: 1, start });
  return supervisor;
};

describe('a supervised process', () => {
  it('is restarted when it ended unexpectedly, which is logged in one line', async () => {
    const fakes = [makeFake(), makeFake()];
    const lines: string[] = [];
    const start = vi.fn(async () => fakes[start.mock.calls.length - 1]?.running as RunningProcess);
    const supervisor = await supervise(start, lines);
    fakes[0]?.kill();
    await until(() => start.mock.calls.length === 2);
    expect(lines).toEqual(['order ended unexpectedly (SIGKILL); starting it again in 250 ms']);
    expect(supervisor.deathsOf('order')).toBe(1);
    await supervisor.stop();
    expect(fakes[1]?.stop).toHaveBeenCalled();
  });

  it('is restarted again when a restart fails', async () => {
    const fakes = [makeFake(), makeFake()];
    const lines: string[] = [];
    const start = vi
      .fn<() => Promise<RunningProcess>>()
      .mockResolvedValueOnce(fakes[0]?.running as RunningProcess)
      .mockRejectedValueOnce(new Error('no memory'))
      .mockResolvedValueOnce(fakes[1]?.running as RunningProcess);
    const supervisor = await supervise(start, lines);
    fakes[0]?.kill();
    await until(() => start.mock.calls.length === 3);
    expect(lines[1]).toBe('order could not be started (no memory); starting it again in 500 ms');
    await supervisor.stop();
  });

  it('is not restarted when its first start fails', async () => {
    await expect(supervise(() => Promise.reject(new Error('no such file')))).rejects.toThrow(
      'no such file',
    );
  });

  it('is not restarted when it is stopped', async () => {
    const fake = makeFake();
    const start = vi.fn(async () => fake.running);
    const supervisor = await supervise(start);
    await supervisor.stop();
    expect(start).toHaveBeenCalledTimes(1);
    expect(supervisor.deathsOf('order')).toBe(0);
  });

  it('is not restarted when it is stopped during the delay', async () => {
    const fake = makeFake();
    const lines: string[] = [];
    const start = vi.fn(async () => fake.running);
    const supervisor = await supervise(start, lines);
    fake.kill();
    await until(() => lines.length === 1);
    await supervisor.stop();
    expect(start).toHaveBeenCalledTimes(1);
  });

  it('is stopped also when it was restarted meanwhile', async () => {
    const [first, late] = [makeFake(), makeFake()];
    const { promise, resolve } = Promise.withResolvers<RunningProcess>();
    const start = vi
      .fn<() => Promise<RunningProcess>>()
      .mockResolvedValueOnce(first.running)
      .mockReturnValueOnce(promise);
    const supervisor = await supervise(start);
    first.kill();
    await until(() => start.mock.calls.length === 2);
    const stopped = supervisor.stop();
    resolve(late.running);
    await stopped;
    expect(late.stop).toHaveBeenCalled();
  });
});

describe('restartDelay', () => {
  it('doubles from a quarter of a second up to five', () => {
    const delays = [1, 2, 3, 4, 5, 6, 100].map(restartDelay);
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });
});

const makePlan = (name: string, stopOrder: number, stopped: string[]) => ({
  name,
  stopOrder,
  start: async () => {
    const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
    return {
      pid: 1,
      exited,
      stop: async () => {
        await new Promise((next) => setTimeout(next, 20));
        if (!stopped.includes(name)) stopped.push(name);
        resolve({ code: 0, signal: null });
      },
      isListening: () => true,
      kill: () => {
        stopped.push(`${name} by force`);
        resolve({ code: null, signal: 'SIGKILL' });
      },
    };
  },
});

describe('makeSupervisor', () => {
  const options = { log: () => {}, signal: new AbortController().signal };

  it('stops callers before what they call', async () => {
    const stopped: string[] = [];
    const supervisor = makeSupervisor(options);
    await supervisor.start(makePlan('postgres', 4, stopped));
    await supervisor.start(makePlan('user', 3, stopped));
    await supervisor.start(makePlan('router', 2, stopped));
    await supervisor.start(makePlan('rest', 1, stopped));
    await supervisor.stop();
    expect(stopped).toEqual(['rest', 'router', 'user', 'postgres']);
  });

  it('ends all but Postgres by force when it is told to', async () => {
    const stopped: string[] = [];
    const supervisor = makeSupervisor(options);
    await supervisor.start(makePlan('postgres', 4, stopped));
    await supervisor.start(makePlan('rest', 1, stopped));
    const stopping = supervisor.stop();
    supervisor.kill();
    await stopping;
    expect(stopped[0]).toBe('rest by force');
    expect(stopped).toContain('postgres');
    expect(stopped).not.toContain('postgres by force');
  });

  it('waits for a start that is in progress, and stops it too', async () => {
    const stopped: string[] = [];
    const supervisor = makeSupervisor(options);
    const starting = supervisor.start(makePlan('postgres', 4, stopped));
    await supervisor.stop();
    await starting;
    expect(stopped).toEqual(['postgres']);
  });

  it('does not restart a process whose configuration is not valid, and reports the reason', async () => {
    const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
    const sentences: string[] = [];
    const lines: string[] = [];
    const signal = new AbortController().signal;
    const supervisor = makeSupervisor({
      log: (line) => lines.push(line),
      signal,
      onConfigError: (sentence) => sentences.push(sentence),
    });
    let starts = 0;
    await supervisor.start({
      name: 'rest',
      stopOrder: 1,
      start: async () => {
        starts += 1;
        return { pid: 1, exited, stop: async () => {}, kill: () => {}, isListening: () => false };
      },
      describeConfigError: () => 'ROUTER_URL is not set',
    });
    expect(supervisor.configErrors()).toEqual([]);
    resolve({ code: 78, signal: null });
    await exited;
    // Longer than the delay of a restart.
    await new Promise((next) => setTimeout(next, 400));
    expect([starts, lines, sentences]).toEqual([1, [], ['ROUTER_URL is not set']]);
    expect(supervisor.configErrors()).toEqual(sentences);
    await supervisor.stop();
  });

  it('has nothing to stop after a start that failed', async () => {
    const supervisor = makeSupervisor(options);
    const start = () => Promise.reject(new Error('no'));
    await expect(supervisor.start({ name: 'x', stopOrder: 1, start })).rejects.toThrow('no');
    await supervisor.stop();
  });
});
