import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

type Subgraph = 'order' | 'product' | 'user';

/** What each subgraph says about caching its responses. */
let policies: Partial<Record<Subgraph, string>>;
let fails: boolean;
/** How long each response takes. */
let takesMs: number;

const RESPONSES: Readonly<Record<Subgraph, (query: string) => object>> = {
  user: () => ({ data: { me: { id: 'ada' } } }),
  order: () => ({
    data: { order: { items: [{ product: { __typename: 'Product', id: 'lamp' } }] } },
  }),
  product: (query) => ({
    data: query.includes('_entities')
      ? { _entities: [{ stock: 7 }] }
      : {
          product: fails ? null : { sku: 'LAMP' },
          archiveProduct: { __typename: 'Product' },
          categories: [{ name: 'kitchen' }],
        },
    ...(fails && { errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] }),
  }),
};

const servers: Server[] = [];
let app: FastifyInstance;

const startSubgraph = async (name: Subgraph): Promise<string> => {
  const server = createServer((request, response) => {
    void (async () => {
      const { query } = JSON.parse(await text(request)) as { query: string };
      await sleep(takesMs);
      const policy = policies[name];
      if (policy === 'gone') return response.destroy();
      response.setHeader('content-type', 'application/json');
      if (policy !== undefined) response.setHeader('cache-control', policy);
      return response.end(JSON.stringify(RESPONSES[name](query)));
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
};

beforeAll(async () => {
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    USER_URL: await startSubgraph('user'),
    PRODUCT_URL: await startSubgraph('product'),
    ORDER_URL: await startSubgraph('order'),
    CORS_ORIGINS: 'https://shop.example',
  });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  for (const server of servers) server.close();
});

beforeEach(() => {
  policies = { product: 'max-age=60, public' };
  fails = false;
  takesMs = 0;
});

const ask = async (query: string): Promise<{ policy: unknown; vary: unknown; text: string }> => {
  const { headers, body } = await app.inject({
    method: 'POST',
    url: '/graphql',
    payload: { query },
    headers: { authorization: 'Bearer x', origin: 'https://shop.example' },
  });
  return { policy: headers['cache-control'], vary: headers['vary'], text: body };
};

const PRODUCT = '{ product(sku: "LAMP") { sku } }';
const ORDER = '{ order(id: "1") { items { product { stock } } } }';

describe('the response of the router', () => {
  it.each([
    ['max-age=60, public', 'max-age=60, public'],
    ['public, max-age=5', 'max-age=5, public'],
    ['PUBLIC,MAX-AGE=5', 'max-age=5, public'],
    ['max-age=0, public', 'no-store'],
    ['max-age=60', 'no-store'],
    ['public', 'no-store'],
    ['max-age=60, private', 'no-store'],
    ['max-age=60, public, no-cache', 'no-store'],
    ['max-age=5, max-age=60, public', 'no-store'],
    ['max-age=-1, public', 'no-store'],
    ['max-age=99999999999999999999, public', 'no-store'],
    ['no-store', 'no-store'],
    ['', 'no-store'],
  ])('may be cached as the subgraph says: %s is %s', async (said, policy) => {
    policies = { product: said };
    expect((await ask(PRODUCT)).policy).toBe(policy);
  });

  it('is cached no longer than any of its parts', async () => {
    const both = '{ product(sku: "LAMP") { sku } me { id } }';
    policies = { product: 'max-age=60, public', user: 'max-age=5, public' };
    expect((await ask(both)).policy).toBe('max-age=5, public');
    policies = { product: 'max-age=5, public', user: 'max-age=60, public' };
    expect((await ask(both)).policy).toBe('max-age=5, public');
    for (const user of ['no-store', undefined]) {
      policies = { product: 'max-age=60, public', ...(user && { user }) };
      expect((await ask(both)).policy).toBe('no-store');
    }
  });

  it('is cached no longer than a part that was requested because of another', async () => {
    policies = { order: 'max-age=60, public', product: 'max-age=5, public' };
    const response = await ask(ORDER);
    expect(response.text).toContain('{"stock":7}');
    expect(response.policy).toBe('max-age=5, public');
    policies = { order: 'no-store', product: 'max-age=5, public' };
    expect((await ask(ORDER)).policy).toBe('no-store');
  });

  it('is not cached when a part is missing or failed', async () => {
    policies = { product: 'max-age=60, public', user: 'gone' };
    expect((await ask('{ product(sku: "LAMP") { sku } me { id } }')).policy).toBe('no-store');
    fails = true;
    policies = { product: 'max-age=60, public' };
    const response = await ask(PRODUCT);
    expect(response.text).toContain('INTERNAL');
    expect(response.policy).toBe('no-store');
  });

  it('to a mutation is not cached', async () => {
    const response = await ask(
      'mutation { archiveProduct(input: { id: "1", version: 1 }) { __typename } }',
    );
    expect(response.text).toContain('"Product"');
    expect(response.policy).toBe('no-store');
  });

  it('without any subgraph is not cached', async () => {
    for (const query of ['{ __typename }', '{', '{ nothing }']) {
      expect((await ask(query)).policy).toBe('no-store');
    }
    const unread = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    });
    expect(unread.statusCode).toBe(400);
    expect(unread.headers['cache-control']).toBe('no-store');
  });

  it('has an age when another request for it was being executed', async () => {
    policies = { product: 'max-age=1, public' };
    const send = () => app.inject({ method: 'POST', url: '/graphql', payload: { query: PRODUCT } });
    await send();
    // Then it is known to be public, and no longer fresh.
    await sleep(1_100);
    takesMs = 500;
    const first = send();
    await sleep(200);
    const [begun, joined] = await Promise.all([first, send()]);
    expect(begun.headers).not.toHaveProperty('age');
    expect(joined.headers).toMatchObject({ age: '1', 'cache-control': 'max-age=1, public' });
  });

  it('is the same for all clients that accept the same', async () => {
    expect((await ask(PRODUCT)).vary).toBe('Origin, Accept');
    const get = await app.inject({
      url: `/graphql?query=${encodeURIComponent(PRODUCT)}`,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(get.headers).toMatchObject({ 'cache-control': 'max-age=60, public' });
    expect(get.headers['vary']).toBe('Origin, Accept');
  });
});
