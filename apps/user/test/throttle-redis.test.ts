import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRedis, type Redis } from '@cartograph/redis';
import { findRedisServer, startRedisServer, type RedisServer } from '@cartograph/redis/test';
import {
  eventually,
  loggingInfrastructure,
  makeSubgraphCaller,
  testInfrastructure,
} from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { count, login, repeat } from './attempts.ts';
import { openUser, PASSWORD, type UserService } from './open-user.ts';

const program = await findRedisServer();

let server: RedisServer;
let redis: Redis;
let service: UserService;
let second: FastifyInstance;
let senders: UserService['send'][];
const { infrastructure, logged } = loggingInfrastructure();

const readKeys = () => redis.run((client) => client.keys('*'), 5_000);

let host = 0;
/** An address that no other test uses. */
const newAddress = (): string => `10.9.${Math.floor((host += 1) / 250)}.${host % 250}`;

const signIn = (index: number, email: string, address: string, password?: string) =>
  login(senders[index % 2] ?? service.send, email, address, password);

/** Waits until both replicas count in Redis. */
const untilConnected = async (): Promise<void> => {
  for (const index of [0, 1]) {
    await eventually(async () => {
      const before = await readKeys();
      await signIn(index, 'nobody@example.com', newAddress());
      expect((await readKeys()).length).toBeGreaterThan(before.length);
    });
  }
};

/** Thirty wrong passwords for one account from one address, by both replicas in turn. */
const guess = async (email: string) => {
  const address = newAddress();
  const results = await repeat(30, (index) => signIn(index, email, address));
  return count(results, 'InvalidCredentialsProblem');
};

// Without a server there is nothing to test: findRedisServer prints that, and throws where CI=true.
if (program === null) it('Redis was not tried: there is no redis-server', () => undefined);
else {
  beforeAll(async () => {
    server = await startRedisServer(program);
    redis = makeRedis({ url: server.url, name: 'observer', log: testInfrastructure().log });
    const env = { THROTTLE_STORE: 'redis', REDIS_URL: server.url };
    service = await openUser(env, infrastructure);
    second = await service.openReplica();
    senders = [service.send, makeSubgraphCaller(second)];
    await untilConnected();
  });

  afterAll(async () => {
    await second.close();
    await service.close();
    await redis.close();
    await server.close();
  });

  describe('two replicas that count in Redis', () => {
    it('share their counts, also of concurrent attempts', async () => {
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, index) => signIn(index, 'two@example.com', '10.2.0.1')),
      );
      expect(count(results, 'InvalidCredentialsProblem')).toBe(10);
      const refused = results.find(({ code }) => code === 'TOO_MANY_ATTEMPTS');
      expect(refused?.retryAfterSeconds).toBeGreaterThan(600);
      expect(refused?.retryAfterSeconds).toBeLessThanOrEqual(900);
    });

    it('store neither addresses nor e-mails, and nothing for longer than its window', async () => {
      await guess('stored@example.com');
      const keys = await readKeys();
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.join()).not.toMatch(/stored|example|10\.9/);
      for (const key of keys) {
        expect(key).toMatch(/^cartograph:attempt:/);
        const leftMs = await redis.run((client) => client.pTTL(key), 5_000);
        expect(leftMs).toBeGreaterThan(0);
        expect(leftMs).toBeLessThanOrEqual(15 * 60_000);
      }
    });

    it('forget the failures of an account and an address that has signed in', async () => {
      await service.register('reset@example.com');
      const address = newAddress();
      await repeat(9, (index) => signIn(index, 'reset@example.com', address));
      const right = await signIn(1, 'reset@example.com', address, PASSWORD);
      expect(right.__typename).toBe('Session');
      const results = await repeat(11, (index) => signIn(index, 'reset@example.com', address));
      expect(count(results, 'InvalidCredentialsProblem')).toBe(10);
    });

    it('count separately while Redis is down, and together when it is up again', async () => {
      await service.register('owner@example.com');
      await server.kill();
      // Ten each: no attempt is allowed because of a store that fails.
      expect(await guess('owner@example.com')).toBe(20);
      const right = await signIn(0, 'owner@example.com', newAddress(), PASSWORD);
      expect(right.__typename).toBe('Session');
      expect(logged.map(({ msg }) => msg)).toContain('throttle store failed');
      await server.start();
      await untilConnected();
      expect(await guess('owner@example.com')).toBe(10);
    });

    it('count separately while Redis hangs, and hardly wait for it', async () => {
      server.pause();
      try {
        const startedAt = performance.now();
        expect(await guess('hung@example.com')).toBe(20);
        // 300 uses of the store, of which two a second may wait for half a second.
        expect(performance.now() - startedAt).toBeLessThan(60_000);
      } finally {
        server.resume();
      }
    });
  });
}
