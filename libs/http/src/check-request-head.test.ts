import { makeLogger } from '@cartograph/logging';
import { MALFORMED_HOSTS, sendRaw } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';

let app: FastifyInstance;

beforeAll(async () => {
  const log = makeLogger({ name: 'test', level: 'silent' });
  app = makeHttpServer({ log }, {}, { trustProxy: 'loopback' });
  app.get('/where', (request) => `${request.protocol}://${request.host}`);
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

const ask = (headers: string, version = '1.1') =>
  sendRaw(
    app,
    Buffer.from(`GET /where HTTP/${version}\r\n${headers}Connection: close\r\n\r\n`, 'latin1'),
  );

describe('the Host of a request', () => {
  it.each(MALFORMED_HOSTS)('is refused with 400 when it is %j', async (host) => {
    const { status, body } = await ask(`Host: ${host}\r\n`);
    expect([status, JSON.parse(body)]).toEqual([
      400,
      {
        errors: [
          {
            message: 'The Host header is missing or not valid.',
            extensions: { code: 'MALFORMED_REQUEST' },
          },
        ],
      },
    ]);
  });

  it('is refused with 400 when there is none or more than one', async () => {
    expect(await ask('')).toMatchObject({ status: 400, body: expect.stringContaining('Host') });
    expect((await ask('Host: a\r\nHost: b\r\n')).status).toBe(400);
    expect((await ask('Host: a\r\nhost: a\r\n')).status).toBe(400);
  });

  it.each([
    'a',
    'shop.example:8080',
    '127.0.0.1:80',
    '[::1]:80',
    'a_b.example',
    'xn--bcher-kva.de',
    'a:',
  ])('may be %s', async (host) => {
    expect(await ask(`Host: ${host}\r\n`)).toMatchObject({ status: 200, body: `http://${host}` });
  });

  it('may be left out in HTTP/1.0', async () => {
    expect((await ask('', '1.0')).status).toBe(200);
  });
});

describe('what a trusted proxy says of the address', () => {
  it.each([
    ['X-Forwarded-Host: ['],
    ['X-Forwarded-Host: a/b'],
    ['X-Forwarded-Proto: ]:['],
    ['X-Forwarded-Proto: javascript'],
  ])('is refused with 400 when it is %s', async (header) => {
    const { status, body } = await ask(`Host: a\r\n${header}\r\n`);
    expect([status, body]).toEqual([400, expect.stringContaining('X-Forwarded')]);
  });

  it('is taken when it is valid', async () => {
    const headers = 'Host: a\r\nX-Forwarded-Host: b.example\r\nX-Forwarded-Proto: https\r\n';
    expect(await ask(headers)).toMatchObject({ status: 200, body: 'https://b.example' });
  });
});

describe('other parts of a request that name something', () => {
  it.each([
    ['GET http://evil.example/where HTTP/1.1', 200],
    ['GET http://[/where HTTP/1.1', 400],
    ['GET /%ZZ HTTP/1.1', 400],
    ['GET /%F0%9F HTTP/1.1', 400],
    ['GET //[ HTTP/1.1', 404],
    ['GET /where?%ZZ=%F0 HTTP/1.1', 200],
  ])('are answered on purpose: %s is %i', async (line, expected) => {
    const { status, headers } = await sendRaw(
      app,
      `${line}\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(status).toBe(expected);
    expect(headers).toHaveProperty('x-request-id');
  });

  it('are ignored: an unknown expectation', async () => {
    expect((await ask('Host: a\r\nExpect: a miracle\r\n')).status).toBe(200);
  });
});
