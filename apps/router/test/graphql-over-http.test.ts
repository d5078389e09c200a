// The GraphQL over HTTP specification, as the audit of graphql-http has it.
import { TEST_SECRET, testInfrastructure } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { auditServer } from 'graphql-http';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  // Not in production: some audits ask for the schema.
  app = await makeServer({
    config: readConfig({ NODE_ENV: 'test', ROUTER_SECRET: TEST_SECRET }),
    ...testInfrastructure(),
  });
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/graphql`;
});

afterAll(() => app.close());

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
