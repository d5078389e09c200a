import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRedisServer, startRedisServer, type RedisServer } from '@cartograph/redis/test';
import { eventually, TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

const program = await findRedisServer();

let redis: RedisServer;
let catalogue: Server;
let routers: FastifyInstance[];
let asked = 0;
let policy = 'max-age=60, public';

const openRouter = (env: Record<string, string> = {}): Promise<FastifyInstance> =>
  makeServer({
    config: readConfig({
      NODE_ENV: 'test',
      ROUTER_SECRET: TEST_SECRET,
      PRODUCT_URL: `http://127.0.0.1:${(catalogue.address() as AddressInfo).port}/graphql`,
      REDIS_URL: redis.url,
      ...env,
    }),
    ...testInfrastructure(),
  });

const send = (router: FastifyInstance | undefined, query: string, headers = {}) => {
  if (!router) throw new Error('there is no such router');
  const all = { 'content-type': 'application/json', ...headers };
  return router.inject({ method: 'POST', url: '/graphql', payload: { query }, headers: all });
};

let unique = 0;
/** A query that no other test has sent. */
const newQuery = (): string => `{ product(sku: "S${(unique += 1)}") { id sku } }`;

/** Sends a new query to one router and then to another. */
const sendToBoth = async (other = routers[1], headers = {}) => {
  const query = newQuery();
  const before = asked;
  const first = await send(routers[0], query, headers);
  // It is stored in the background.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = await send(other, query, headers);
  return { first, second, executed: asked - before };
};

/** Waits until both routers are connected to Redis. */
const untilShared = () =>
  eventually(async () => expect((await sendToBoth()).executed).toBe(1), 30_000);

// Without a server there is nothing to test: findRedisServer prints that, and throws where CI=true.
if (program === null) it('Redis was not tried: there is no redis-server', () => undefined);
else {
  beforeAll(async () => {
    redis = await startRedisServer(program);
    catalogue = createServer((request, response) => {
      void (async () => {
        await text(request);
        asked += 1;
        response.setHeader('content-type', 'application/json');
        response.setHeader('cache-control', policy);
        const product = { id: `id ${asked}`, sku: `sku ${asked} ä` };
        response.end(JSON.stringify({ data: { product } }));
      })();
    }).listen(0, '127.0.0.1');
    await once(catalogue, 'listening');
    routers = [await openRouter(), await openRouter()];
    await untilShared();
  });

  afterAll(async () => {
    await Promise.all(routers.map((router) => router.close()));
    catalogue.close();
    await redis.close();
  });

  describe('two routers with one Redis', () => {
    it('execute a public query once, and send it with its age and all else as before', async () => {
      const { first, second, executed } = await sendToBoth();
      expect(executed).toBe(1);
      expect(second.body).toBe(first.body);
      expect(first.headers).not.toHaveProperty('age');
      expect(second.headers['age']).toMatch(/^[1-5]$/);
      const own = ['age', 'date', 'x-request-id'];
      const others = (all: object) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)));
      expect(others(second.headers)).toEqual(others(first.headers));
    });

    it('execute what is for one client each time', async () => {
      expect((await sendToBoth(routers[1], { authorization: 'Bearer a.b.c' })).executed).toBe(2);
      policy = 'max-age=60, private';
      expect((await sendToBoth()).executed).toBe(2);
      policy = 'max-age=60, public';
      const { executed } = await sendToBoth(routers[1], { 'cache-control': 'no-cache' });
      expect(executed).toBe(2);
    });

    it('share nothing when their settings differ', async () => {
      const other = await openRouter({ OPERATION_MAX_DEPTH: '7' });
      try {
        expect((await sendToBoth(other)).executed).toBe(2);
      } finally {
        await other.close();
      }
    });

    it('answer as before while Redis hangs, is down, or was never there', async () => {
      for (const stop of [async () => redis.pause(), () => redis.kill()]) {
        await stop();
        const { first, second, executed } = await sendToBoth();
        expect([first.statusCode, second.statusCode, executed]).toEqual([200, 200, 2]);
        redis.resume();
      }
      const alone = await openRouter({ REDIS_URL: 'redis://127.0.0.1:1' });
      try {
        expect((await sendToBoth(alone)).second.statusCode).toBe(200);
      } finally {
        await alone.close();
      }
      await redis.start();
      await untilShared();
    });
  });
}
