import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ID } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({ CORS_ORIGINS: 'https://shop.example' });
});

afterAll(() => rest.close());

describe('OPTIONS', () => {
  it.each([
    ['/v1/me', 'GET, HEAD, OPTIONS, PATCH'],
    [`/v1/products/${ID}`, 'GET, HEAD, OPTIONS, PATCH'],
    ['/v1/orders/x/pay', 'OPTIONS, POST'],
    ['/healthz?verbose', 'GET, HEAD, OPTIONS'],
  ])('%s says what it answers', async (url, allow) => {
    expect(await rest.send('OPTIONS', url)).toMatchObject({ status: 204, headers: { allow } });
  });

  it.each(['/v1/nothing', '/v1/products/x/nothing', '/nothing'])('%s is not there', async (url) => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'GET' };
    expect(await rest.send('OPTIONS', url, { headers })).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });
});

describe('a preflight', () => {
  const preflight = (url: string, origin = 'https://shop.example') =>
    rest.send('OPTIONS', url, { headers: { origin, 'access-control-request-method': 'PATCH' } });

  it('of a path is answered', async () => {
    expect(await preflight(`/v1/products/${ID}`)).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-methods': expect.stringContaining('PATCH'),
        allow: 'GET, HEAD, OPTIONS, PATCH',
      },
    });
  });

  it.each(['/v1/products/', '/v1/products/?limit=2', '/v1/', '/v1/orders/x/', '/problems/'])(
    'of %s, which ends with a slash, is a problem that the origin may read',
    async (url) => {
      const reply = await preflight(url);
      expect(reply).toMatchObject({
        status: 404,
        headers: { 'access-control-allow-origin': 'https://shop.example' },
        body: { code: 'NOT_FOUND' },
      });
      expect(reply.headers).not.toHaveProperty('allow');
      const { status, headers } = await preflight(url, 'https://other.example');
      expect(status).toBe(404);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

describe('a path with a slash at its end', () => {
  it.each(['/v1/products/', '/v1/products/?limit=2', '/v1/orders/', '/v1/'])(
    '%s is not there, and is not a resource without an id',
    async (url) => {
      const sent = rest.router.received.length;
      const reply = await rest.app.inject(url);
      expect([reply.statusCode, reply.json<{ code: string }>().code]).toEqual([404, 'NOT_FOUND']);
      expect(rest.router.received).toHaveLength(sent);
    },
  );
});

describe('a method that nothing here answers', () => {
  it.each(['PROPFIND', 'MKCOL', 'TRACE', 'QUERY'])(
    '%s is not allowed, and the path says what is',
    async (name) => {
      // The type lists fewer methods than Node parses.
      const method = name as 'GET';
      expect(await rest.sendRaw({ method, url: '/v1/products?limit=2' })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD, OPTIONS, POST' },
        body: { code: 'METHOD_NOT_ALLOWED' },
      });
      for (const url of ['/v1/nothing', '/v1/products/']) {
        const reply = await rest.sendRaw({ method, url });
        expect(reply).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
        expect(reply.headers).not.toHaveProperty('allow');
      }
    },
  );
});
