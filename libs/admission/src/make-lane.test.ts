import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeLane, type LaneLimits } from './make-lane.ts';

const LIMITS: LaneLimits = { least: 2, most: 2, targetMs: 100, maxWaitMs: 50 };

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sends requests to a lane; the test ends each. */
const openLane = (limits: Partial<LaneLimits> = {}) => {
  const lane = makeLane({ ...LIMITS, ...limits });
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const send = (name: string): Promise<string> => {
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    const work = () => {
      started.push(name);
      return end.promise;
    };
    return lane.run(work, () => 'rejected');
  };
  const finish = async (name: string): Promise<void> => {
    ends.get(name)?.resolve(`${name} done`);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { send, started, finish, ends };
};

describe('a lane', () => {
  it('runs as many requests as it has slots, and the others in turn', async () => {
    const { send, started, finish } = openLane();
    const results = ['a', 'b', 'c', 'd'].map(send);
    await vi.advanceTimersByTimeAsync(49);
    expect(started).toEqual(['a', 'b']);
    await finish('b');
    expect(started).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd']) await finish(name);
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done', 'd done']);
  });

  it('rejects immediately when as many wait as there are slots', async () => {
    const { send } = openLane();
    for (const name of ['a', 'b', 'c', 'd']) void send(name);
    expect(await send('e')).toBe('rejected');
  });

  it('rejects what has waited too long, and admits no other in its place', async () => {
    const { send, started, finish } = openLane();
    void send('a');
    void send('b');
    const third = send('c');
    await vi.advanceTimersByTimeAsync(50);
    expect(await third).toBe('rejected');
    await finish('a');
    void send('d');
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual(['a', 'b', 'd']);
    void send('e');
    void send('f');
    expect(await send('g')).toBe('rejected');
  });

  it('lets none wait without a queue', async () => {
    const { send } = openLane({ maxWaitMs: 0 });
    void send('a');
    void send('b');
    expect(await send('c')).toBe('rejected');
  });

  it('frees the slot of work that fails', async () => {
    const { send, ends, started } = openLane({ least: 1, most: 1 });
    const first = send('a');
    const second = send('b');
    ends.get('a')?.reject(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual(['a', 'b']);
    ends.get('b')?.resolve('b done');
    expect(await second).toBe('b done');
  });
});
