// The GraphQL over HTTP specification, as the audit of graphql-http has it.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { auditServer } from 'graphql-http';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let app: FastifyInstance;
let url: string;
let subgraph: Server;
let executed = 0;

beforeAll(async () => {
  subgraph = createServer((request, response) => {
    executed += 1;
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      const payOrder = { __typename: 'OrderNotFoundProblem', message: 'There is no such order.' };
      response.end(JSON.stringify({ data: { payOrder, product: null } }));
    });
  }).listen(0, '127.0.0.1');
  await once(subgraph, 'listening');
  const shop = `http://127.0.0.1:${(subgraph.address() as AddressInfo).port}/graphql`;
  const urls = { USER_URL: shop, PRODUCT_URL: shop, ORDER_URL: shop, PAYMENT_URL: shop };
  // Not in production: some audits ask for the schema.
  app = await makeServer({
    config: readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET, ...urls }),
    ...testInfrastructure(),
  });
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
});

afterAll(async () => {
  await app.close();
  subgraph.close();
});

/** Sends what shows the router that no web page made the browser send it. */
const fetchWithPreflight = (address: string, init: RequestInit = {}): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set('apollo-require-preflight', 'true');
  return fetch(address, { ...init, headers });
};

/** The audits that are not passed, with their reasons. */
const findFaults = async (fetchFn: unknown): Promise<readonly string[]> => {
  const results = await auditServer({ url, fetchFn });
  expect(results.length).toBeGreaterThan(50);
  return results.flatMap((result) =>
    result.status === 'ok'
      ? []
      : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
  );
};

describe('the audit of GraphQL over HTTP', () => {
  it('finds nothing that a server must, should or may do otherwise', async () => {
    expect(await findFaults(fetchWithPreflight)).toEqual([]);
  });

  it('finds that a web page can not send a GET, and nothing else', async () => {
    for (const fault of await findFaults(fetch)) expect(fault).toMatch(/^notice \w+ MAY .* GET/);
  });
});

describe('an operation that can not be executed', () => {
  const send = (accept: string | undefined, payload: object) =>
    app.inject({
      method: 'POST',
      url: '/graphql',
      headers: accept === undefined ? {} : { accept },
      payload,
    });

  const WRONG = [
    { query: '{' },
    { query: '{ nothing }' },
    { query: 'query ($id: ID!) { product(id: $id) { id } }' },
    { query: 'subscription { orderChanged { id } }' },
    { query: 'subscription { __typename }' },
  ];

  it.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['application/json, text/plain, */*', 400],
    ['*/*', 400],
    [undefined, 400],
  ])('for a client that accepts %s has status %i', async (accept, status) => {
    for (const payload of WRONG) {
      const response = await send(accept, payload);
      expect([payload, response.statusCode]).toEqual([payload, status]);
      expect(response.json()).not.toHaveProperty('data');
      expect(response.headers['cache-control']).toBe('no-store');
    }
  });

  it('has status 400 when no operation is sent, or one that is too large', async () => {
    for (const query of [undefined, `{ ${'__typename '.repeat(500)} }`]) {
      expect((await send('application/json', { query })).statusCode).toBe(400);
    }
  });
});

describe('an operation whose response its client would not accept', () => {
  const PAY =
    'mutation { payOrder(input: { orderId: "1" }) { ... on Problem { __typename message } } }';

  const send = (method: 'GET' | 'POST', accept: string) => {
    const query = method === 'GET' ? '{ product(sku: "LAMP") { id } }' : PAY;
    const headers = { accept, 'apollo-require-preflight': '1' };
    return method === 'GET'
      ? app.inject({ url: `/graphql?query=${encodeURIComponent(query)}`, headers })
      : app.inject({ method, url: '/graphql', payload: { query }, headers });
  };

  it.each([
    'text/event-stream',
    'multipart/mixed',
    'multipart/mixed; deferSpec=20220824',
    'application/xml',
    'application/json; charset=iso-8859-1',
    'application/json;q=0',
    'nonsense',
  ])('is refused before it is executed: %s', async (accept) => {
    for (const method of ['POST', 'GET', 'POST'] as const) {
      const before = executed;
      const response = await send(method, accept);
      expect([response.statusCode, executed - before]).toEqual([406, 0]);
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(response.json()).toEqual({
        errors: [
          {
            message: expect.stringMatching(/^An 'accept' header was provided .* does not accept/),
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      });
    }
  });

  it.each([
    '*/*',
    'application/*',
    'text/html, */*;q=0.1',
    'application/json; charset=utf-8',
    'application/graphql-response+json',
    'multipart/mixed; deferSpec=20220824, application/json',
    'text/event-stream, application/json;q=0.1',
  ])('is executed once for a client that accepts some type of GraphQL: %s', async (accept) => {
    for (let round = 0; round < 2; round += 1) {
      const before = executed;
      const response = await send('POST', accept);
      expect([response.statusCode, executed - before]).toEqual([200, 1]);
      expect(response.body).toContain('There is no such order.');
    }
  });

  it('is none when a page is: the explorer', async () => {
    const response = await app.inject({ url: '/graphql', headers: { accept: 'text/html' } });
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/html']);
  });
});
