import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { eventually } from '@cartograph/testing';
import { findRedisServer, startRedisServer, type RedisServer } from '../test/start-redis-server.ts';
import { makeRedis, type Redis } from './make-redis.ts';

const program = await findRedisServer();

/** Longer than a working Redis takes on a busy machine. */
const TIMEOUT_MS = 5_000;

let server: RedisServer;
let redis: Redis;
let logged: { msg: string; level: string }[] = [];

const open = (url = server.url): Redis =>
  makeRedis({
    url,
    name: 'test',
    log: makeLogger(
      { name: 'test', level: 'info' },
      { write: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]) },
    ),
  });

const ping = (timeoutMs = TIMEOUT_MS) => redis.run((client) => client.ping(), timeoutMs);

const works = () => eventually(async () => expect(await ping()).toBe('PONG'));

/** How long one use takes that fails. */
const timeFailure = async (timeoutMs: number): Promise<number> => {
  const startedAt = performance.now();
  await expect(ping(timeoutMs)).rejects.toThrow();
  return performance.now() - startedAt;
};

// Without a server there is nothing to test: findRedisServer prints that, and throws where CI=true.
if (program === null) it('Redis was not tried: there is no redis-server', () => undefined);
else {
  beforeAll(async () => {
    server = await startRedisServer(program);
  });

  afterAll(() => server.close());

  beforeEach(() => {
    logged = [];
    redis = open();
  });

  afterEach(() => redis.close());

  describe('a connection to Redis', () => {
    it('is made in the background, and until then each use fails immediately', async () => {
      await expect(ping()).rejects.toThrow('redis is not connected');
      await works();
    });

    it('is one, under the name of its process', async () => {
      await works();
      const [names] = await Promise.all([
        redis.run((client) => client.clientList(), TIMEOUT_MS),
        ...Array.from({ length: 50 }, () => ping()),
      ]);
      expect(names.map(({ name }) => name)).toEqual(['test']);
    });

    it('is made again after Redis was down, and the outage is one line of the log', async () => {
      await works();
      await server.kill();
      await eventually(() => expect(ping()).rejects.toThrow('redis is not connected'));
      await new Promise((resolve) => setTimeout(resolve, 500));
      await server.start();
      await works();
      expect(logged.map(({ msg }) => msg)).toEqual([
        'redis connected',
        'redis connection failed',
        'redis connected',
      ]);
    });

    it('costs one timeout a second, and otherwise nothing, while Redis hangs', async () => {
      await works();
      server.pause();
      try {
        expect(await timeFailure(200)).toBeGreaterThan(190);
        const startedAt = performance.now();
        for (let count = 0; count < 100; count += 1) await timeFailure(200);
        // It is tried again once a second; if each use waited, all would take 20 s.
        expect(performance.now() - startedAt).toBeLessThan(10_000);
      } finally {
        server.resume();
      }
      await works();
    });

    it('is given up when Redis hangs for longer, and works again after that', async () => {
      await works();
      server.pause();
      try {
        await eventually(() => expect(ping(50)).rejects.toThrow('redis is not connected'));
      } finally {
        server.resume();
      }
      await works();
    });

    it('is never used after it was closed, also when it was not made yet', async () => {
      const early = open();
      await early.close();
      await expect(early.run((client) => client.ping(), TIMEOUT_MS)).rejects.toThrow();
      await works();
      await redis.close();
      await expect(ping()).rejects.toThrow('redis is not connected');
    });

    it('that is refused leaves no secret in the log', async () => {
      const url = server.url.replace('redis://', 'redis://shop:hidden-word@');
      const refused = open(url);
      await eventually(() =>
        expect(logged.map(({ msg }) => msg)).toContain('redis connection failed'),
      );
      await refused.close();
      expect(JSON.stringify(logged)).not.toContain('hidden-word');
    });
  });
}
