import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeLane, type LaneLimits } from './make-lane.ts';

const LIMITS: LaneLimits = {
  least: 2,
  most: 2,
  targetMs: 100,
  stalledMs: 1_000,
  maxWaitMs: 50,
  mostStalled: 3,
};

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
  return { ...lane, send, started, finish, ends };
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

  it('rejects immediately when as many wait as there are slots, and says so before', async () => {
    const { send, isFull, finish } = openLane();
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(isFull()).toBe(false);
      void send(name);
    }
    expect(isFull()).toBe(true);
    expect(await send('e')).toBe('rejected');
    await finish('a');
    expect(isFull()).toBe(false);
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

  it('gives the slots of what takes longer than a second to others', async () => {
    const { send, started, finish, load } = openLane({ maxWaitMs: 2_000 });
    const results = ['a', 'b', 'c'].map(send);
    await vi.advanceTimersByTimeAsync(999);
    expect(started).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(['a', 'b', 'c']);
    expect(load()).toMatchObject({ active: 1, stalled: 2 });
    for (const name of ['a', 'b', 'c']) await finish(name);
    expect(await Promise.all(results)).toEqual(['a done', 'b done', 'c done']);
    expect(load()).toMatchObject({ active: 0, stalled: 0 });
  });

  it('lets no more than its most continue without a slot', async () => {
    const { send, started, load } = openLane({ maxWaitMs: 0 });
    for (const names of ['ab', 'cd', 'e']) {
      for (const name of names) void send(name);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(load()).toMatchObject({ active: 2, stalled: 3 });
    expect(await send('f')).toBe('rejected');
  });
});
