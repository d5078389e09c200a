import { once } from 'node:events';
import net from 'node:net';
import { DEFAULT_HTTP_LIMITS } from '@cartograph/config';
import { makeLogger } from '@cartograph/logging';
import { sendRaw, sendSlowly } from '@cartograph/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';

const LIMITS = {
  ...DEFAULT_HTTP_LIMITS,
  headersTimeoutMs: 400,
  requestTimeoutMs: 800,
  keepAliveMs: 300,
  maxHeaderBytes: 2_000,
  maxHeaders: 20,
};

const HEAD = 'POST /echo HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n';

let app: FastifyInstance;
let handled: number;

const start = async (limits = LIMITS) => {
  const log = makeLogger({ name: 'test', level: 'silent' });
  app = makeHttpServer({ log }, {}, { limits });
  handled = 0;
  app.post('/echo', (request) => {
    handled += 1;
    return { body: request.body };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
};

beforeEach(() => start());
afterEach(() => app.close());

/** RFC 9110, section 5.6.7. */
const DATE = /^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

const codeOf = (body: string): string =>
  (JSON.parse(body) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code;

describe('a server', () => {
  it('ends headers that trickle, with 408', async () => {
    const { status, headers, body } = await sendSlowly(app, `${HEAD}X-Slow: `, 'a');
    expect([status, codeOf(body)]).toEqual([408, 'REQUEST_TIMEOUT']);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      date: expect.stringMatching(DATE),
    });
  });

  it.each([
    ['of a length', 'Content-Length: 100000\r\n\r\n{', ' '],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n'],
    ['that never comes', 'Content-Length: 2\r\n\r\n', ''],
  ])(
    'ends a body %s that trickles, with 408, and does nothing with it',
    async (_how, more, byte) => {
      const { status, body } = await sendSlowly(app, HEAD + more, byte);
      expect([status, codeOf(body), handled]).toEqual([408, 'REQUEST_TIMEOUT', 0]);
    },
  );

  it('closes a connection that says nothing, or nothing more', async () => {
    const silent = await sendRaw(app, '');
    expect([0, 408]).toContain(silent.status);
    const once = `${HEAD}Content-Length: 2\r\n\r\n{}`;
    expect(await sendRaw(app, once)).toMatchObject({ status: 200, body: '{"body":{}}' });
  });

  it.each([
    ['bytes', `X: ${'a'.repeat(2_000)}\r\n`],
    ['lines', 'a: b\r\n'.repeat(30)],
    ['lines, after those that count', `${'a: b\r\n'.repeat(20)}Authorization: Bearer x\r\n`],
  ])('refuses a flood of %s in the headers, with 431', async (_what, more) => {
    const request = `${HEAD}Connection: close\r\nContent-Length: 2\r\n${more}\r\n{}`;
    const { status, body } = await sendRaw(app, request);
    expect([status, codeOf(body), handled]).toEqual([431, 'HEADERS_TOO_LARGE', 0]);
  });

  it('refuses an address that is too long, with 431', async () => {
    const { status } = await sendRaw(app, `GET /${'a'.repeat(3_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(status).toBe(431);
  });

  it('answers what is no HTTP in words of its own', async () => {
    const { status, headers, body } = await sendRaw(app, 'NONSENSE\r\n\r\n');
    expect([status, codeOf(body)]).toEqual([400, 'MALFORMED_REQUEST']);
    expect(headers['date']).toMatch(DATE);
  });

  it('closes connections past the greatest number', async () => {
    await app.close();
    await start({ ...LIMITS, maxConnections: 1 });
    const { port } = app.server.address() as net.AddressInfo;
    const first = net.connect(port, '127.0.0.1');
    await once(first, 'connect');
    try {
      const { status } = await sendRaw(app, 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
      expect(status).toBe(0);
    } finally {
      first.destroy();
    }
  });

  it('starts with an odd time limit', async () => {
    await app.close();
    await start({ ...LIMITS, headersTimeoutMs: 399 });
    const once = `${HEAD}Connection: close\r\nContent-Length: 2\r\n\r\n{}`;
    expect(await sendRaw(app, once)).toMatchObject({ status: 200 });
  });

  it('lets a request take its time that arrived in time', async () => {
    await app.close();
    app = makeHttpServer(
      { log: makeLogger({ name: 'test', level: 'silent' }) },
      {},
      { limits: LIMITS },
    );
    app.get('/slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return 'done';
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const request = 'GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    expect(await sendRaw(app, request)).toMatchObject({ status: 200, body: 'done' });
  });
});
