import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeRedis, type Redis } from '@cartograph/redis';
import { findRedisServer, startRedisServer, type RedisServer } from '@cartograph/redis/test';
import { eventually, testInfrastructure } from '@cartograph/testing';
import { DEFAULT_CACHE_LIMITS } from './cache-config.ts';
import { makeResponseCache, type ResponseCache } from './make-response-cache.ts';
import { makeSharedResponses } from './make-shared-responses.ts';

type Page = { readonly text: string; readonly freshMs: number };

const program = await findRedisServer();

let server: RedisServer;
const opened: Redis[] = [];

const openRedis = async (): Promise<Redis> => {
  const redis = makeRedis({ url: server.url, name: 'test', log: testInfrastructure().log });
  opened.push(redis);
  await eventually(() => redis.run((client) => client.ping(), 5_000));
  return redis;
};

/** A replica, with a memory and a connection of its own. */
const openReplica = async (scope = 'one', maxAgeMs = 5_000): Promise<ResponseCache<Page>> => {
  const responses = makeSharedResponses(await openRedis(), scope);
  return makeResponseCache<Page>({
    limits: { ...DEFAULT_CACHE_LIMITS, maxAgeMs },
    freshMsOf: ({ freshMs }) => freshMs,
    bytesOf: ({ text }) => text.length,
    timeoutMs: 30_000,
    sharing: {
      responses,
      toText: ({ text }) => `page ${text}`,
      fromText: (text) => (text.startsWith('page ') ? { text: text.slice(5), freshMs: 1 } : null),
    },
  });
};

let unique = 0;
const newKey = (): string => `key ${(unique += 1)}`;

/** As a request does. @returns the text of the response, and whether it was executed */
const request = async (cache: ResponseCache<Page>, key: string, page: Page, takesMs = 0) => {
  const execute = vi.fn(async () => {
    await sleep(takesMs);
    return page;
  });
  const found = cache.find(key) ?? (await cache.findShared(key));
  const { text } = (found ?? (await cache.respond(key, execute))).response;
  return { text, isExecuted: execute.mock.calls.length > 0 };
};

const page = (text: string, freshMs = 5_000): Page => ({ text, freshMs });

/** The names of all that is stored. */
const readNames = async (): Promise<string[]> => {
  const redis = await openRedis();
  return redis.run((client) => client.keys('*'), 5_000);
};

/** Waits until a replica finds a response. */
const untilFound = (cache: ResponseCache<Page>, key: string) =>
  eventually(async () => {
    const found = await cache.findShared(key);
    if (!found) throw new Error(`nothing is stored for ${key}`);
    return found;
  }, 4_000);

// Without a server there is nothing to test: findRedisServer prints that, and throws where CI=true.
if (program === null) it('Redis was not tried: there is no redis-server', () => undefined);
else {
  beforeAll(async () => {
    server = await startRedisServer(program);
  });

  afterEach(async () => {
    const redis = await openRedis();
    await redis.run((client) => client.flushAll(), 5_000);
    await Promise.all(opened.splice(0).map((redis) => redis.close()));
  });

  afterAll(() => server.close());

  describe('a public response', () => {
    it('is executed by one replica, and found by the others', async () => {
      const [first, second] = [await openReplica(), await openReplica()];
      const key = newKey();
      expect(await request(first, key, page('ä\n"1"'))).toEqual({
        text: 'ä\n"1"',
        isExecuted: true,
      });
      const { response } = await untilFound(second, key);
      expect(response.text).toBe('ä\n"1"');
      expect(second.find(key)?.response.text).toBe('ä\n"1"');
      expect(await second.findShared(newKey())).toBeNull();
    });

    it('has the age that it has, or a little more, in every replica', async () => {
      const [first, second] = [await openReplica(), await openReplica()];
      const key = newKey();
      const startedAt = performance.now();
      await request(first, key, page('slow'), 700);
      const { ageMs } = await untilFound(second, key);
      expect(ageMs).toBeGreaterThan(700);
      expect(ageMs).toBeLessThan(performance.now() - startedAt + 200);
    });

    it('is found for as long as it is fresh, and no longer', async () => {
      const [first, second] = [await openReplica(), await openReplica()];
      const key = newKey();
      const startedAt = performance.now();
      await request(first, key, page('short', 2_500), 500);
      await untilFound(second, key);
      await sleep(2_600 - (performance.now() - startedAt));
      for (const cache of [second, first, await openReplica()]) {
        expect(cache.find(key) ?? (await cache.findShared(key))).toBeNull();
      }
      expect(await readNames()).toEqual([]);
    });

    it('is used for no longer than the limit of the replica that finds it', async () => {
      const [first, second] = [await openReplica(), await openReplica('one', 300)];
      const key = newKey();
      const startedAt = performance.now();
      await request(first, key, page('long'));
      await untilFound(await openReplica(), key);
      await sleep(400 - (performance.now() - startedAt));
      expect(second.find(key) ?? (await second.findShared(key))).toBeNull();
    });

    it('that is stored late expires as if it were not', async () => {
      const cache = await openReplica();
      const key = newKey();
      expect(await cache.findShared(key)).toBeNull();
      server.pause();
      try {
        await cache.respond(key, async () => page('late', 1_000));
        await sleep(1_200);
      } finally {
        server.resume();
      }
      const other = await openReplica();
      await other.findShared(newKey());
      expect(await readNames()).toEqual([]);
    });

    it('is not replaced by one that began before it', async () => {
      const [first, second, third] = [
        await openReplica(),
        await openReplica(),
        await openReplica(),
      ];
      const key = newKey();
      const slow = request(first, key, page('old'), 800);
      await sleep(200);
      await request(second, key, page('new'));
      await slow;
      // Both are stored by now.
      await sleep(100);
      expect((await third.findShared(key))?.response.text).toBe('new');
    });

    it('is not shared by versions that differ, and its name shows nothing of the request', async () => {
      const [first, other] = [await openReplica('one'), await openReplica('two')];
      await request(first, 'secret text', page('1'));
      await eventually(async () => expect(await readNames()).toHaveLength(1));
      expect(await other.findShared('secret text')).toBeNull();
      expect(await readNames()).toEqual([
        expect.stringMatching(/^cartograph:response:[\w-]{43}:[\w-]{43}$/),
      ]);
    });

    it('is removed when the response is no longer public', async () => {
      const [first, second] = [await openReplica(), await openReplica()];
      const key = newKey();
      await request(first, key, page('public'));
      await untilFound(second, key);
      await first.respond(key, async () => page('private', 0));
      await eventually(async () => {
        expect(await (await openReplica()).findShared(key)).toBeNull();
      });
    });
  });

  describe('any other response', () => {
    it('is never stored', async () => {
      const cache = await openReplica('others');
      const before = await readNames();
      await request(cache, newKey(), page('private', 0));
      await request(cache, newKey(), page('strange', Number.NaN));
      await request(cache, newKey(), page('x'.repeat(300_000)));
      await cache.findShared(newKey());
      expect(await readNames()).toEqual(before);
    });

    it('that another program stored under the same name is not used', async () => {
      const [first, second] = [await openReplica(), await openReplica()];
      const key = newKey();
      await request(first, key, page('right'));
      await untilFound(second, key);
      const redis = await openRedis();
      const names = await redis.run((client) => client.keys('*'), 5_000);
      for (const text of ['', 'wrong', '5000\nwrong', '-1\npage wrong']) {
        for (const name of names) await redis.run((client) => client.set(name, text), 5_000);
        for (const name of names) await redis.run((client) => client.pExpire(name, 500), 5_000);
        expect(await (await openReplica()).findShared(key)).toBeNull();
      }
      for (const name of names) await redis.run((client) => client.del(name), 5_000);
    });
  });

  describe('without a Redis that works', () => {
    it.each([
      ['hangs', async () => server.pause(), async () => server.resume()],
      ['is down', () => server.kill(), () => server.start()],
    ] as const)('a response is the same, and hardly later: it %s', async (_how, stop, restore) => {
      const cache = await openReplica();
      await stop();
      try {
        const startedAt = performance.now();
        for (let count = 0; count < 200; count += 1) {
          const key = newKey();
          expect(await request(cache, key, page('one'))).toEqual({ text: 'one', isExecuted: true });
          expect(await request(cache, key, page('two'))).toEqual({
            text: 'one',
            isExecuted: false,
          });
        }
        // One wait of 50 ms: then none is tried for a second. If each waited, all would take 10 s.
        expect(performance.now() - startedAt).toBeLessThan(5_000);
      } finally {
        await restore();
      }
      const other = await openReplica();
      await eventually(async () => {
        const key = newKey();
        await request(cache, key, page('again'));
        await sleep(50);
        expect((await other.findShared(key))?.response.text).toBe('again');
      });
    });
  });
}
