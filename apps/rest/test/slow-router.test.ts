import { DEADLINE_HEADER } from '@cartograph/resilience';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ID, product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

const json = { 'content-type': 'application/json' };
const late = { status: 504, body: { code: 'GATEWAY_TIMEOUT' } };

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({
    ROUTER_TIMEOUT_MS: '1000',
    RESPONSE_CACHE_MAX_AGE_MS: '50',
  });
});

afterAll(() => rest.close());

/** Sends a request to a router that does not answer. */
const sendToSilent = (method: 'GET' | 'POST', url: string, body?: object) => {
  rest.router.respondRaw(() => undefined);
  return rest.send(method, url, { ...(body && { body }) });
};

describe('a router that does not answer in time', () => {
  it.each([
    ['GET', '/v1/products', undefined],
    ['GET', '/v1/me', undefined],
    ['POST', '/v1/orders', { items: [{ product_id: ID, qty: 1 }] }],
    ['POST', '/v1/auth/login', { email: 'ann@example.com', password: 'x' }],
  ] as const)('is 504 at %s %s', async (method, url, body) => {
    expect(await sendToSilent(method, url, body)).toMatchObject(late);
    expect(rest.logged.at(-1)).toContain('caused by');
  });

  it('is 504 without Retry-After: the operation may have been executed', async () => {
    const reply = await sendToSilent('POST', `/v1/orders/${ID}/pay`);
    expect(reply).toMatchObject({
      ...late,
      headers: { link: '</problems/gateway-timeout>; rel="help"', 'cache-control': 'no-store' },
      body: {
        type: 'https://cartograph.example/problems/gateway-timeout',
        title: 'The shop did not answer in time; try again in a moment.',
      },
    });
    expect(reply.headers).not.toHaveProperty('retry-after');
  });

  it('is 504 also when only a part of its response came', async () => {
    rest.router.respondRaw((response) => void response.writeHead(200, json).write('{"data":'));
    expect(await rest.send('GET', '/v1/me')).toMatchObject(late);
  });

  it('is 504 for all that wait for one page, and is not sent a second request for it', async () => {
    const pageInfo = { hasNextPage: false, hasPreviousPage: false };
    rest.router.respond(
      {
        products: {
          nodes: [product],
          pageInfo: { ...pageInfo, startCursor: null, endCursor: null },
          totalCount: 1,
          totalCountExceeded: false,
        },
      },
      { 'cache-control': 'max-age=60, public' },
    );
    const url = '/v1/products?limit=7';
    expect(await rest.send('GET', url)).toMatchObject({ status: 200 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const sent = rest.router.received.length;
    const replies = await Promise.all([sendToSilent('GET', url), sendToSilent('GET', url)]);
    for (const reply of replies) expect(reply).toMatchObject(late);
    expect(rest.router.received).toHaveLength(sent + 1);
    expect(rest.logged.at(-1)).toContain('caused by');
  });
});

describe('a router that waited for a subgraph', () => {
  it('has time to say so before this server gives up', async () => {
    await sendToSilent('GET', '/v1/me');
    expect(rest.router.received.at(-1)?.headers[DEADLINE_HEADER]).toBe('900');
  });

  it('is 504 when it says that itself, as Apollo Router does', async () => {
    const extensions = { code: 'GATEWAY_TIMEOUT' };
    const body = JSON.stringify({ errors: [{ message: 'late', extensions }] });
    rest.router.respondRaw((response) => void response.writeHead(504, json).end(body));
    expect(await rest.send('GET', '/v1/me')).toMatchObject(late);
  });
});
