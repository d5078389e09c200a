import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLogger } from '@cartograph/logging';
import { activeTraceId, startTelemetry, type Telemetry } from '@cartograph/telemetry';
import { eventually } from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';
import { rejectEarly } from './reject-early.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** The bodies that `reject` rejects contain this. */
const REJECTED = 'too much';

/** Bodies with which `reject` fails. */
const FAULT = 'fault';

let telemetry: Telemetry;
let app: FastifyInstance;
let origin: string;
let isOn: boolean;
let lines: Record<string, unknown>[];
let seen: string[];
let rejections: unknown[];

beforeEach(async () => {
  [isOn, lines, seen, rejections] = [true, [], [], []];
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  app = makeHttpServer({ log: makeLogger({ name: 'test', level: 'info' }, { write }) }, {});
  rejectEarly(app, {
    route: '/echo',
    isOn: () => isOn,
    reject: ({ bodyText }) => {
      seen.push(bodyText);
      if (bodyText.includes(FAULT)) throw new Error('broken');
      if (!bodyText.includes(REJECTED)) return null;
      const headers = [
        ['content-type', 'application/json'],
        ['vary', 'Accept'],
        ['vary', 'Origin'],
      ] as const;
      const body = JSON.stringify({ ü: activeTraceId() });
      return { status: 503, headers, body, details: { client_name: 'web' } };
    },
    onRejection: (early, status, ms) => rejections.push([early.body, early.url, status, ms >= 0]),
  });
  app.post('/echo', (request) => ({ echo: request.body }));
  app.post('/other', (request) => ({ echo: request.body }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  lines = [];
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await app.close();
  await telemetry.stop();
});

const post = (body: string, { path = '/echo', headers = {} } = {}) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

/** Sends these parts on one connection, one after the other. @returns all that is received */
const sendParts = async (...parts: string[]): Promise<string> => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  const closed = once(socket, 'close');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await closed;
  return received;
};

const headOf = (length: number, more = '') =>
  `POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${more}\r\n`;

const CLOSE = 'connection: close\r\n';

describe('a request that is rejected early', () => {
  it('gets the whole response, with the ids of the request', async () => {
    const response = await post(JSON.stringify(REJECTED), {
      headers: { 'x-request-id': 'r-1', traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` },
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ ü: TRACE_ID });
    expect(response.headers.get('x-request-id')).toBe('r-1');
    expect(response.headers.get('vary')).toBe('Accept, Origin');
  });

  it('is logged and measured as any other', async () => {
    await post(JSON.stringify([REJECTED]), { headers: { 'x-request-id': 'r-2' } });
    await eventually(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({
      ...{ msg: 'request answered', method: 'POST', route: '/echo', status: 503 },
      ...{ request_id: 'r-2', client_name: 'web', duration_ms: expect.any(Number) },
      trace_id: expect.stringMatching(/^[\da-f]{32}$/),
    });
    expect(rejections).toEqual([[[REJECTED], '/echo', 503, true]]);
  });

  it('gets a line only ten times per second, with how many got none', async () => {
    const count = 25;
    await Promise.all(Array.from({ length: count }, () => post(JSON.stringify(REJECTED))));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await post(JSON.stringify(REJECTED));
    await eventually(() => {
      const leftOut = lines.map((line) => Number(line['left_out'] ?? 0));
      expect(lines.length + leftOut.reduce((sum, each) => sum + each, 0)).toBe(count + 1);
    });
    expect(lines.length).toBeLessThan(count);
  });

  it('leaves its connection open', async () => {
    const body = JSON.stringify(REJECTED);
    const received = await sendParts(
      headOf(body.length) + body,
      headOf(body.length) + body,
      headOf(1, CLOSE) + '1',
    );
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(
      ['503', '503', '200'].map((status) => `HTTP/1.1 ${status}`),
    );
  });
});

describe('a request that is not rejected', () => {
  it.each([
    ['a small body', JSON.stringify({ a: 'é' })],
    ['a large body', JSON.stringify(`${REJECTED} ${'x'.repeat(100_000)}`)],
  ])('reaches its handler whole: %s', async (_, body) => {
    const response = await post(body);
    expect([response.status, await response.json()]).toEqual([200, { echo: JSON.parse(body) }]);
  });

  it('reaches its handler when rejecting it fails, which is logged', async () => {
    const response = await post(JSON.stringify(FAULT));
    expect([response.status, await response.json()]).toEqual([200, { echo: FAULT }]);
    expect(lines.map(({ level }) => level)).toContain('error');
  });

  it('reaches its handler when its body arrives in several parts', async () => {
    const body = JSON.stringify(REJECTED);
    const parts = [headOf(body.length, CLOSE), body.slice(0, 3), body.slice(3)];
    expect(await sendParts(...parts)).toContain(`{"echo":${body}}`);
    expect(seen).toEqual([]);
  });

  it('is not read while isOn is false, or on another route', async () => {
    const body = JSON.stringify(REJECTED);
    expect((await post(body, { path: '/other' })).status).toBe(200);
    expect((await post(body, { path: '/echo?a' })).status).toBe(200);
    isOn = false;
    expect((await post(body)).status).toBe(200);
    expect(seen).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['an empty body', ''],
  ])('gets the error of the app: %s', async (_, body) => {
    expect((await post(body)).status).toBe(400);
    expect(seen).toEqual([]);
  });

  it('gets the error of the app for another type, or an invalid host', async () => {
    expect((await post('1', { headers: { 'content-type': 'text/csv' } })).status).toBe(415);
    expect(await sendParts(`${headOf(1, CLOSE).replace('host: a', 'host: a/b')}1`)).toContain(
      '400',
    );
  });

  it('may end before its body arrives', async () => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(headOf(10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await post('1')).status).toBe(200);
  });
});
