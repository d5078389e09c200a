import {
  MALFORMED_HOSTS,
  NOT_UTF8,
  putBytes,
  sendRaw,
  sendSlowly,
  TEST_SECRET,
  testInfrastructure,
} from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let app: FastifyInstance;

beforeAll(async () => {
  const config = readConfig({
    NODE_ENV: 'test',
    ROUTER_SECRET: TEST_SECRET,
    HTTP_HEADERS_TIMEOUT_MS: '300',
    HTTP_REQUEST_TIMEOUT_MS: '600',
    HTTP_MAX_HEADERS: '20',
    CORS_ORIGINS: 'https://shop.example',
  });
  app = await makeServer({ config, ...testInfrastructure() });
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => app.close());

const HEAD = 'POST /graphql HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n';

const expectRefusal = ({ status, body }: { status: number; body: string }, code: string) => {
  const { errors } = JSON.parse(body) as { errors: { extensions: unknown }[] };
  expect([status >= 400 && status < 500, errors[0]?.extensions]).toEqual([true, { code }]);
  expect(body).not.toMatch(/FST_|statusCode/);
};

describe('the router', () => {
  it.each([
    ['headers', `${HEAD}X-Slow: `],
    ['a body', `${HEAD}Content-Length: 9999\r\n\r\n`],
  ])('ends %s that trickle, with 408', async (_what, beginning) => {
    const response = await sendSlowly(app, beginning, ' ');
    expect(response.status).toBe(408);
    expectRefusal(response, 'REQUEST_TIMEOUT');
  });

  it('refuses a flood of headers, with 431', async () => {
    const flood = `${HEAD}Connection: close\r\n${'a: b\r\n'.repeat(30)}\r\n`;
    const response = await sendRaw(app, flood);
    expect(response.status).toBe(431);
    expectRefusal(response, 'HEADERS_TOO_LARGE');
  });

  it.each(MALFORMED_HOSTS)('refuses the host %j, with 400', async (host) => {
    for (const line of ['GET /graphql?query={__typename}', 'POST /graphql', 'GET /nothing']) {
      const head = `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const response = await sendRaw(app, Buffer.from(head, 'latin1'));
      expect(response.status).toBe(400);
      expectRefusal(response, 'MALFORMED_REQUEST');
    }
  });

  it.each(['X-Forwarded-Host: [', 'X-Forwarded-Proto: ]:['])(
    'refuses what a trusted proxy sends with %s, with 400',
    async (header) => {
      const response = await sendRaw(app, `${HEAD}${header}\r\nConnection: close\r\n\r\n`);
      expect(response.status).toBe(400);
      expectRefusal(response, 'MALFORMED_REQUEST');
    },
  );

  it.each(['/%ZZ', '/%F0%9F', 'http://[/graphql'])(
    'refuses the address %s, with 400',
    async (url) => {
      const request = `GET ${url} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
      const response = await sendRaw(app, request);
      expect(response.status).toBe(400);
      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expectRefusal(response, 'MALFORMED_REQUEST');
    },
  );

  it.each([
    ['an address', 'GET /%ZZ', 'a', '', 400],
    ['a host', 'GET /graphql', 'a b', '', 400],
    ['an access token', 'POST /graphql', 'a', `Authorization: ${'a'.repeat(4_097)}\r\n`, 401],
  ])(
    'lets scripts of its origins read the refusal of %s',
    async (_what, line, host, more, status) => {
      const readAs = async (origin: string) => {
        const head = `${line} HTTP/1.1\r\nOrigin: ${origin}\r\nHost: ${host}\r\nConnection: close\r\n`;
        const response = await sendRaw(app, `${head}${more}\r\n`);
        expect(response.status).toBe(status);
        return response.headers;
      };
      expect(await readAs('https://shop.example')).toMatchObject({
        'access-control-allow-origin': 'https://shop.example',
        'access-control-expose-headers': 'Retry-After, X-Request-Id',
        vary: 'Origin',
      });
      expect(await readAs('https://other.example')).not.toHaveProperty(
        'access-control-allow-origin',
      );
    },
  );

  it.each(NOT_UTF8)('refuses a body with %s, with 400', async (_what, bytes) => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload: putBytes('{"query":"{ __typename } #@"}', bytes),
    });
    expect(response.statusCode).toBe(400);
    expectRefusal({ status: response.statusCode, body: response.body }, 'MALFORMED_REQUEST');
  });

  it('refuses an access token that is too long to be one, with 401', async () => {
    for (const authorization of [`Bearer ${'a'.repeat(4_090)}`, 'a'.repeat(4_097)]) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization },
        payload: { query: '{ __typename }' },
      });
      const { statusCode: status, headers, body } = response;
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
      expectRefusal({ status, body }, 'UNAUTHENTICATED');
    }
  });

  it.each(['{', '', 'null', '[]', '"{ __typename }"', '{"query":'])(
    'refuses the body %j, with 400',
    async (payload) => {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json' },
        payload,
      });
      const { statusCode, body } = response;
      expect([statusCode, body]).toEqual([
        400,
        expect.stringMatching(/"code":"(MALFORMED_REQUEST|BAD_REQUEST)"/),
      ]);
      expect(body).not.toMatch(/FST_|statusCode/);
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE'] as const)('refuses %s, with 405', async (method) => {
    const response = await app.inject({ method, url: '/graphql', payload: '{' });
    const { statusCode: status, headers, body } = response;
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    expectRefusal({ status, body }, 'METHOD_NOT_ALLOWED');
  });

  it.each(['/graphql/', '/GraphQL', '/nothing'])('has nothing at %s: 404', async (url) => {
    const response = await app.inject({
      method: 'POST',
      url,
      payload: { query: '{ __typename }' },
    });
    const { statusCode: status, body } = response;
    expect(status).toBe(404);
    expectRefusal({ status, body }, 'NOT_FOUND');
  });

  it('refuses a persisted query with the hash of another, in the words of Apollo', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const payload = { query: '{ __typename }', extensions };
    const response = await app.inject({ method: 'POST', url: '/graphql', payload });
    const { statusCode: status, body } = response;
    expect([status, body]).toEqual([400, expect.stringContaining('sha does not match query')]);
    expectRefusal({ status, body }, 'BAD_REQUEST');
  });

  it('refuses another charset, with 415', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json; charset=iso-8859-1' },
      payload: '{"query":"{ __typename }"}',
    });
    expect(response.statusCode).toBe(415);
    expectRefusal({ status: response.statusCode, body: response.body }, 'UNSUPPORTED_MEDIA_TYPE');
  });
});
