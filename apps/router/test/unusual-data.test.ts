import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let subgraphs: Server;
let app: FastifyInstance;
let reply: object;
let requests = 0;

beforeAll(async () => {
  subgraphs = createServer((request, response) => {
    void (async () => {
      await text(request);
      requests += 1;
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'max-age=60, public');
      response.end(JSON.stringify(reply));
    })();
  }).listen(0, '127.0.0.1');
  await once(subgraphs, 'listening');
  const url = `http://127.0.0.1:${(subgraphs.address() as AddressInfo).port}/graphql`;
  const config = readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, PRODUCT_URL: url });
  app = await makeServer({ config, ...testInfrastructure() });
});

afterAll(async () => {
  await app.close();
  subgraphs.close();
});

const QUERY = `query ($id: ID!) {
  product(id: $id) { id name stock createdAt price { amount currency } images { url } }
  categories { name }
}`;

const product = {
  id: '1',
  name: 'Lamp',
  stock: 2,
  createdAt: '2026-11-30T00:00:00.000Z',
  price: { amount: 700, currency: 'EUR' },
  images: [{ url: 'https://example.com/1' }],
};
const data = { product, categories: [{ name: 'lamps' }] };

const send = async (query: string) => {
  requests = 0;
  const payload = { query, variables: { id: '1' } };
  // Not from the cache of responses.
  const headers = { 'cache-control': 'no-cache' };
  const response = await app.inject({ method: 'POST', url: '/graphql', headers, payload });
  return { body: response.json<object>(), caching: response.headers['cache-control'], requests };
};

/** Each spelling is executed by the gateway the first time. */
let spellings = 0;
const sendSpelling = () => send(QUERY + ' '.repeat((spellings += 1)));

describe('the response to an operation with a known plan', () => {
  it.each([
    ['data as the schema says', { data }],
    ['more fields, in another order', { data: { ...data, product: { more: 1, ...product } } }],
    ['no product', { data: { ...data, product: null } }],
    ['no value of a field', { data: { ...data, product: { ...product, stock: undefined } } }],
    ['null where the schema has none', { data: { ...data, product: { ...product, name: null } } }],
    ['null of a scalar of ours', { data: { ...data, product: { ...product, createdAt: null } } }],
    ['null in a list', { data: { ...data, categories: [null] } }],
    ['another type of a value', { data: { ...data, product: { ...product, name: 7 } } }],
    ['another type of a number', { data: { ...data, product: { ...product, stock: '2' } } }],
    ['an object in place of a list', { data: { ...data, categories: {} } }],
    ['a list in place of an object', { data: { ...data, product: [product] } }],
    ['a text in place of an object', { data: { ...data, product: 'Lamp' } }],
    ['an unknown type', { data: { ...data, product: { ...product, __typename: 'Lamp' } } }],
    ['null for all', { data: null }],
    [
      'an error',
      { data: { ...data, product: null }, errors: [{ message: 'x', path: ['product'] }] },
    ],
    ['an error beside data', { data, errors: [{ message: 'x' }] }],
    ['an empty list of errors', { data, errors: [] }],
    ['no result', { message: 'x' }],
  ])('with %s is the same as the first one', async (_what, sent) => {
    reply = { data };
    await send(QUERY);
    reply = sent;
    const seen = await send(QUERY);
    expect(seen).toEqual(await sendSpelling());
    expect(seen.requests).toBe(1);
  });
});
