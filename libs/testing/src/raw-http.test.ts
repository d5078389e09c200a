import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { sendRaw, sendSlowly } from './raw-http.ts';

let server: net.Server;

/** As much of an app as a raw request needs. */
const app = () => ({ server }) as unknown as FastifyInstance;

beforeAll(async () => {
  // Answers the first bytes, and resets the connection at the next ones.
  server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 408 Request Timeout\r\nx-why: late\r\n\r\nlate');
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => void server.close());

it('returns the response of a server that resets the connection', async () => {
  const late = { status: 408, headers: { 'x-why': 'late' }, body: 'late' };
  expect(await sendSlowly(app(), 'GET /', ' ')).toEqual(late);
});

it('ends when the server resets the connection before it has answered', async () => {
  const silent = net.createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.resetAndDestroy());
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const response = await sendRaw({ server: silent } as unknown as FastifyInstance, 'GET /');
  expect(response).toMatchObject({ status: 0, body: '' });
  silent.close();
});
