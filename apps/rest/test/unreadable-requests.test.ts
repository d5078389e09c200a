import { MALFORMED_HOSTS, NOT_UTF8, putBytes, sendRaw, sendSlowly } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest({
    HTTP_HEADERS_TIMEOUT_MS: '300',
    HTTP_REQUEST_TIMEOUT_MS: '600',
    HTTP_MAX_HEADERS: '20',
  });
  await rest.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => rest.close());

const HEAD =
  'POST /v1/auth/login HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n';

type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};

const expectProblem = ({ status, headers, body }: Reply, code: string, wanted: number) => {
  expect([status, headers['content-type']]).toEqual([wanted, 'application/problem+json']);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const page = `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
  expect(headers['link']).toBe(`<${page}>; rel="help"`);
  expect(JSON.parse(body)).toMatchObject({
    type: `https://cartograph.example${page}`,
    title: expect.any(String),
    status: wanted,
    detail: expect.any(String),
    code,
  });
  expect(body).not.toMatch(/FST_|statusCode/);
};

describe('REST', () => {
  it.each([
    ['headers', `${HEAD}X-Slow: `],
    ['a body', `${HEAD}Content-Length: 9999\r\n\r\n`],
  ])('ends %s that trickle, with 408', async (_what, beginning) => {
    const response = await sendSlowly(rest.app, beginning, ' ');
    expectProblem(response, 'REQUEST_TIMEOUT', 408);
    expect(rest.router.received).toEqual([]);
  });

  it.each([
    ['lines', 'a: b\r\n'.repeat(30)],
    ['bytes', `X: ${'a'.repeat(20_000)}\r\n`],
  ])('refuses a flood of %s in the headers, with 431', async (_what, more) => {
    const response = await sendRaw(rest.app, `${HEAD}Connection: close\r\n${more}\r\n`);
    expectProblem(response, 'HEADERS_TOO_LARGE', 431);
  });

  it('refuses what is no HTTP, with 400', async () => {
    expectProblem(await sendRaw(rest.app, 'NONSENSE\r\n\r\n'), 'MALFORMED_REQUEST', 400);
  });

  it.each(MALFORMED_HOSTS)('refuses the host %j, with 400', async (host) => {
    for (const line of ['GET /v1/products', 'POST /v1/auth/login', 'GET /nothing', 'GET /docs']) {
      const head = `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const response = await sendRaw(rest.app, Buffer.from(head, 'latin1'));
      expectProblem(response, 'MALFORMED_REQUEST', 400);
    }
    expect(rest.router.received).toEqual([]);
  });

  it.each(['X-Forwarded-Host: [', 'X-Forwarded-Proto: ]:['])(
    'refuses what a trusted proxy sends with %s, with 400',
    async (header) => {
      const request = `${HEAD}${header}\r\nConnection: close\r\n\r\n`;
      expectProblem(await sendRaw(rest.app, request), 'MALFORMED_REQUEST', 400);
    },
  );

  it.each(NOT_UTF8)('refuses a body with %s, with 400', async (_what, bytes) => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const {
        statusCode: status,
        headers,
        body,
      } = await rest.app.inject({
        method: 'POST',
        url: '/v1/auth/login',
        headers: { 'content-type': type },
        payload: putBytes('{"email":"a@","password":"x"}', bytes),
      });
      expectProblem({ status, headers, body }, 'MALFORMED_REQUEST', 400);
    }
    expect(rest.router.received).toEqual([]);
  });

  it('refuses an access token that is too long to be one, with 401', async () => {
    const {
      statusCode: status,
      headers,
      body,
    } = await rest.app.inject({
      url: '/v1/me',
      headers: { authorization: `Bearer ${'a'.repeat(4_090)}` },
    });
    expectProblem({ status, headers, body }, 'UNAUTHENTICATED', 401);
    expect(headers['www-authenticate']).toContain('Bearer');
    expect(rest.router.received).toEqual([]);
  });

  it.each([
    ['GET', '/%ZZ', 404, 'NOT_FOUND'],
    ['GET', '/v1/products/%F0%9F', 404, 'NOT_FOUND'],
    ['GET', `/v1/products/${'a'.repeat(200)}`, 404, 'NOT_FOUND'],
    ['DELETE', '/v1/products', 405, 'METHOD_NOT_ALLOWED'],
  ] as const)('answers %s %s with %i', async (method, url, status, code) => {
    const response = await rest.app.inject({ method, url });
    expectProblem({ ...response, status: response.statusCode }, code, status);
  });

  it.each([
    ['text/plain', 'x', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['application/json', `"${'a'.repeat(600_000)}"`, 413, 'PAYLOAD_TOO_LARGE'],
    ['application/json', '{', 400, 'MALFORMED_REQUEST'],
  ] as const)('refuses a body of %s that is no input', async (type, payload, status, code) => {
    const headers = { 'content-type': type };
    const url = '/v1/auth/login';
    const response = await rest.app.inject({ method: 'POST', url, headers, payload });
    expectProblem({ ...response, status: response.statusCode }, code, status);
  });

  it('refuses another charset, with 415', async () => {
    const {
      statusCode: status,
      headers,
      body,
    } = await rest.app.inject({
      method: 'POST',
      url: '/v1/auth/login',
      headers: { 'content-type': 'application/json; charset=utf-16' },
      payload: '{"email":"a","password":"x"}',
    });
    expectProblem({ status, headers, body }, 'UNSUPPORTED_MEDIA_TYPE', 415);
  });
});
