import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentSignal, remainingMs, RequestCancelled, runWithin } from '@cartograph/resilience';
import { DEFAULT_CACHE_LIMITS } from './cache-config.ts';
import { makeResponseCache, type ResponseCache } from './make-response-cache.ts';

type Page = { readonly text: string; readonly freshMs: number };

const TIMEOUT_MS = 30_000;

const makeCache = (limits: Partial<typeof DEFAULT_CACHE_LIMITS> = {}): ResponseCache<Page> =>
  makeResponseCache<Page>({
    limits: { ...DEFAULT_CACHE_LIMITS, ...limits },
    freshMsOf: ({ freshMs }) => freshMs,
    bytesOf: ({ text }) => text.length,
    timeoutMs: TIMEOUT_MS,
  });

const respond = async (cache: ResponseCache<Page>, key: string, execute: () => Promise<Page>) =>
  (await cache.respond(key, execute)).response;

const page = (text: string, freshMs = 5_000): Page => ({ text, freshMs });

const textOf = (cache: ResponseCache<Page>, key: string): string | undefined =>
  cache.find(key)?.response.text;

/** An execution that the test ends. */
const pending = () => {
  const deferred = Promise.withResolvers<Page>();
  const execute = vi.fn(() => deferred.promise);
  return { ...deferred, execute };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Leaves an entry that is no longer fresh: the response to the key is known to be public. */
const makeKnown = async (cache: ResponseCache<Page>, key: string): Promise<void> => {
  await respond(cache, key, async () => page('old'));
  vi.advanceTimersByTime(5_000);
  expect(cache.find(key)).toBeNull();
};

describe('a public response', () => {
  it('is found for as long as it is fresh, with its age, and under its own key only', async () => {
    const cache = makeCache();
    expect(cache.find('a')).toBeNull();
    await respond(cache, 'a', async () => page('one', 2_000));
    vi.advanceTimersByTime(1_999);
    expect(cache.find('a')).toEqual({ response: page('one', 2_000), ageMs: 1_999 });
    expect(cache.find('A')).toBeNull();
    vi.advanceTimersByTime(1);
    expect(cache.find('a')).toBeNull();
  });

  it('is not used for longer than the limit, counted from the start of its execution', async () => {
    const cache = makeCache({ maxAgeMs: 1_000 });
    const { execute, resolve } = pending();
    const response = respond(cache, 'a', execute);
    vi.advanceTimersByTime(900);
    resolve(page('slow', 60_000));
    await response;
    vi.advanceTimersByTime(99);
    expect(cache.find('a')?.ageMs).toBe(999);
    vi.advanceTimersByTime(1);
    expect(cache.find('a')).toBeNull();
  });

  it('is not replaced by one that began before it', async () => {
    const cache = makeCache();
    const { execute, resolve } = pending();
    const slow = respond(cache, 'a', execute);
    vi.advanceTimersByTime(10);
    await respond(cache, 'a', async () => page('new'));
    resolve(page('old'));
    expect(await slow).toEqual(page('old'));
    expect(textOf(cache, 'a')).toBe('new');
  });

  it.each([
    ['entries', { entries: 2 }],
    ['bytes', { bytes: 20_000 }],
  ])('makes room for others: the limit of %s holds', async (_what, limits) => {
    const cache = makeCache(limits);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p'];
    const long = page('x'.repeat(980));
    for (const key of [...keys, ...keys.map((name) => `${name}${name}`)]) {
      await respond(cache, key, async () => long);
    }
    const found = [...keys, ...keys.map((name) => `${name}${name}`)].filter((key) =>
      cache.find(key),
    );
    expect(found).toContain('pp');
    expect(found.length).toBeLessThanOrEqual('entries' in limits ? 2 : 16);
  });

  it('that is very long is not stored, nor is anything when the cache is off', async () => {
    const cache = makeCache({ bytes: 20_000 });
    await respond(cache, 'a', async () => page('x'.repeat(2_000)));
    await respond(cache, 'k'.repeat(1_000), async () => page('x'));
    expect(cache.find('a') ?? cache.find('k'.repeat(1_000))).toBeNull();
    const off = makeCache({ maxAgeMs: 0 });
    await respond(off, 'a', async () => page('x'));
    expect(off.find('a')).toBeNull();
  });
});

describe('any other response', () => {
  it('is never stored, and takes the place of a public one', async () => {
    const cache = makeCache();
    await respond(cache, 'a', async () => page('private', 0));
    await respond(cache, 'b', async () => page('strange', Number.NaN));
    expect(cache.find('a') ?? cache.find('b')).toBeNull();
    await respond(cache, 'c', async () => page('public'));
    await respond(cache, 'c', async () => page('private', 0));
    expect(cache.find('c')).toBeNull();
  });

  it('does not take the place of a public one that began later', async () => {
    const cache = makeCache();
    const { execute, resolve } = pending();
    const slow = respond(cache, 'a', execute);
    vi.advanceTimersByTime(10);
    await respond(cache, 'a', async () => page('new'));
    resolve(page('failed', 0));
    await slow;
    expect(textOf(cache, 'a')).toBe('new');
  });

  it('is its own request’s: those that waited for it execute themselves', async () => {
    const cache = makeCache();
    await makeKnown(cache, 'a');
    const first = pending();
    const responses = [
      respond(cache, 'a', first.execute),
      respond(cache, 'a', async () => page('second', 0)),
    ];
    first.resolve(page('first', 0));
    expect((await Promise.all(responses)).map(({ text }) => text)).toEqual(['first', 'second']);
  });

  it('is an error, which each request gets by itself', async () => {
    const cache = makeCache();
    await makeKnown(cache, 'a');
    const failing = vi.fn(async (): Promise<Page> => Promise.reject(new Error('away')));
    const first = respond(cache, 'a', failing);
    const second = respond(cache, 'a', async () => page('back'));
    await expect(first).rejects.toThrow('away');
    expect(await second).toEqual(page('back'));
  });
});

describe('identical requests in flight', () => {
  it('share one execution, when the last response was public', async () => {
    const cache = makeCache();
    await makeKnown(cache, 'a');
    const { execute, resolve } = pending();
    const other = vi.fn(async () => page('other'));
    const responses = [respond(cache, 'a', execute), respond(cache, 'a', other)];
    expect(await respond(cache, 'b', other)).toEqual(page('other'));
    resolve(page('shared'));
    expect(await Promise.all(responses)).toEqual([page('shared'), page('shared')]);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(other).toHaveBeenCalledTimes(1);
    expect(textOf(cache, 'a')).toBe('shared');
  });

  it('are executed one by one while it is unknown whether they are public', async () => {
    const cache = makeCache();
    const first = pending();
    const second = pending();
    const responses = [respond(cache, 'a', first.execute), respond(cache, 'a', second.execute)];
    expect(second.execute).toHaveBeenCalledTimes(1);
    first.resolve(page('one', 0));
    second.resolve(page('two', 0));
    expect((await Promise.all(responses)).map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('do not wait for what began too long ago', async () => {
    const cache = makeCache();
    await makeKnown(cache, 'a');
    const slow = pending();
    const responses = [respond(cache, 'a', slow.execute)];
    vi.advanceTimersByTime(5_000);
    expect(await respond(cache, 'a', async () => page('new'))).toEqual(page('new'));
    slow.resolve(page('slow'));
    await Promise.all(responses);
    expect(textOf(cache, 'a')).toBe('new');
  });

  it('wait within their own bounds, and end no other', async () => {
    const cache = makeCache();
    await makeKnown(cache, 'a');
    let shared: AbortSignal | null = null;
    let leftMs: number | null = null;
    const { resolve, promise } = pending();
    const execute = () => {
      shared = currentSignal();
      leftMs = remainingMs();
      return promise;
    };
    const leader = new AbortController();
    const bounds = { deadline: performance.now() + 100, signal: leader.signal };
    const first = runWithin(bounds, () => respond(cache, 'a', execute));
    const second = respond(cache, 'a', execute);
    expect(leftMs).toBe(TIMEOUT_MS);
    leader.abort(new RequestCancelled('deadline exceeded'));
    // It executes alone then, within its own bounds, which have ended.
    expect(shared).not.toBe(leader.signal);
    resolve(page('shared'));
    expect(await second).toEqual(page('shared'));
    await first;
    expect(shared).toBe(leader.signal);
  });

  it('are cancelled when nobody waits, and after the timeout', async () => {
    const cache = makeCache();
    for (const end of ['nobody waits', 'timeout'] as const) {
      await makeKnown(cache, 'a');
      const signals: AbortSignal[] = [];
      const execute = async (): Promise<Page> => {
        const signal = currentSignal();
        if (signal) signals.push(signal);
        if (signals.length > 1 || !signal) return page('alone');
        const { promise, reject } = Promise.withResolvers<Page>();
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        return promise;
      };
      const controller = new AbortController();
      const work = () => respond(cache, 'a', execute);
      const response =
        end === 'timeout' ? work() : runWithin({ deadline: null, signal: controller.signal }, work);
      if (end === 'timeout') vi.advanceTimersByTime(TIMEOUT_MS);
      else controller.abort(new RequestCancelled('client disconnected'));
      expect((await response).text).toBe('alone');
      expect(signals[0]?.aborted).toBe(true);
    }
  });
});
