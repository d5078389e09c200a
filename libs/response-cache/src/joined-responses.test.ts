import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CACHE_LIMITS } from './cache-config.ts';
import { makeResponseCache } from './make-response-cache.ts';

type Page = { readonly text: string; readonly freshMs: number };

const FRESH_MS = 5_000;

const page = (text: string, freshMs = FRESH_MS): Page => ({ text, freshMs });

/** A cache that knows that the response to `key` is public, and has none that is fresh. */
const openCache = async (key: string) => {
  const cache = makeResponseCache<Page>({
    limits: DEFAULT_CACHE_LIMITS,
    freshMsOf: ({ freshMs }) => freshMs,
    bytesOf: ({ text }) => text.length,
    timeoutMs: 30_000,
  });
  await cache.respond(key, async () => page('old'));
  vi.advanceTimersByTime(FRESH_MS);
  return cache;
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the age of a response', () => {
  it('is the time from the start of its execution to the request that joined it', async () => {
    const cache = await openCache('a');
    const { promise, resolve } = Promise.withResolvers<Page>();
    const first = cache.respond('a', () => promise);
    vi.advanceTimersByTime(4_400);
    const joined = cache.respond('a', async () => page('own'));
    vi.advanceTimersByTime(100);
    resolve(page('shared'));
    expect(await first).toEqual({ response: page('shared'), ageMs: 0 });
    expect(await joined).toEqual({ response: page('shared'), ageMs: 4_400 });
  });

  it('is nothing for a request that is executed alone', async () => {
    const cache = await openCache('a');
    const { promise, resolve } = Promise.withResolvers<Page>();
    const first = cache.respond('a', () => promise);
    vi.advanceTimersByTime(1_000);
    const joined = cache.respond('a', async () => page('own', 0));
    resolve(page('private', 0));
    expect((await first).ageMs).toBe(0);
    expect(await joined).toEqual({ response: page('own', 0), ageMs: 0 });
    expect((await cache.respond('b', async () => page('new'))).ageMs).toBe(0);
  });
});
