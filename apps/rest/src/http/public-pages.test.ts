import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_CACHE_LIMITS } from '@cartograph/response-cache';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { makePublicPages, type Page } from './public-pages.ts';

const pageOf = (maxAge: number, age?: string): Page => ({
  body: Buffer.from('{}'),
  etag: '"1"',
  caching: { cacheControl: `max-age=${maxAge}, public`, ...(age !== undefined && { age }) },
});

it('sends a page with the age that it had when the request joined others', async () => {
  const pages = makePublicPages({ ...DEFAULT_CACHE_LIMITS, maxAgeMs: 60_000 }, 120_000, null);
  let makePage = async (): Promise<Page> => pageOf(1);
  const app = fastify();
  app.get('/pages', (request, reply) => pages.send(request, reply, () => makePage()));
  try {
    expect((await app.inject('/pages')).headers).not.toHaveProperty('age');
    // Then the page is known to be public, and no longer fresh.
    await sleep(1_100);
    const { promise, resolve } = Promise.withResolvers<Page>();
    makePage = () => promise;
    const first = app.inject('/pages').then(({ headers }) => headers);
    await sleep(100);
    const joined = app.inject('/pages').then(({ headers }) => headers);
    await sleep(50);
    resolve(pageOf(60, '2'));
    expect((await first)['age']).toBe('2');
    expect(Number((await joined)['age'])).toBeGreaterThan(2);
  } finally {
    await app.close();
  }
});
