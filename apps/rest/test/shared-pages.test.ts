import { afterAll, beforeAll, expect, it } from 'vitest';
import { findRedisServer, startRedisServer, type RedisServer } from '@cartograph/redis/test';
import { eventually } from '@cartograph/testing';
import { product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const program = await findRedisServer();

let redis: RedisServer;
let first: Rest;
let second: Rest;

const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
const results = {
  products: { nodes: [product], pageInfo, totalCount: 1, totalCountExceeded: false },
};

let unique = 0;
/** A URL that no other test uses. */
const newUrl = (): string => `/v1/products?limit=${(unique += 1)}`;

const countReceived = () => first.router.received.length + second.router.received.length;

/** Sends a new request to one replica and then to the other. */
const sendToBoth = async (headers: Record<string, string> = {}) => {
  const url = newUrl();
  const before = countReceived();
  const page = await first.app.inject({ url, headers });
  // It is stored in the background.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const found = await second.app.inject({ url, headers });
  return { url, page, found, forwarded: countReceived() - before };
};

// Without a server there is nothing to test: findRedisServer prints that, and throws where CI=true.
if (program === null) it('Redis was not tried: there is no redis-server', () => undefined);
else {
  beforeAll(async () => {
    redis = await startRedisServer(program);
    const env = { RESPONSE_CACHE_MAX_AGE_MS: '5000', REDIS_URL: redis.url };
    first = await startRest(env);
    // Replicas have one router.
    second = await startRest({ ...env, ROUTER_URL: first.router.url });
    first.router.respond(results, { 'cache-control': 'max-age=60, public', age: '2' });
    await eventually(async () => expect((await sendToBoth()).forwarded).toBe(1), 30_000);
  });

  afterAll(async () => {
    await first.close();
    await second.close();
    await redis.close();
  });

  it('a page is read once for all replicas, and sent with its age', async () => {
    const { url, page, found, forwarded } = await sendToBoth();
    expect(forwarded).toBe(1);
    expect(found.body).toBe(page.body);
    expect(page.headers['age']).toBe('2');
    expect(found.headers['age']).toMatch(/^[3-7]$/);
    const { etag, 'content-type': type, 'cache-control': policy } = page.headers;
    expect(found.headers).toMatchObject({ etag, 'content-type': type, 'cache-control': policy });
    const known = await second.app.inject({ url, headers: { 'if-none-match': String(etag) } });
    expect([known.statusCode, known.body]).toEqual([304, '']);
  });

  it('a page for one client is read each time', async () => {
    expect((await sendToBoth({ authorization: 'Bearer a.b.c' })).forwarded).toBe(2);
    first.router.respond(results, { 'cache-control': 'no-store' });
    expect((await sendToBoth()).forwarded).toBe(2);
  });
}
