import type net from 'node:net';
import { makeLogger } from '@cartograph/logging';
import { sendRaw } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';

let app: FastifyInstance;

beforeAll(async () => {
  app = makeHttpServer({ log: makeLogger({ name: 'test', level: 'silent' }) }, {});
  app.post('/length', (request) => ({ length: JSON.stringify(request.body).length }));
  app.get('/nothing', () => ({ body: null }));
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => app.close());

const inChunks = (body: string, size: number, start = 'POST /length') => {
  const chunks: string[] = [];
  for (let index = 0; index < body.length; index += size) {
    const chunk = body.slice(index, index + size);
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return `${start} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`;
};

const textOf = (length: number): string => JSON.stringify({ text: 'x'.repeat(length) });

describe('a body in chunks', () => {
  it('is read, also when they are small', async () => {
    for (const [length, size] of [
      [2_000, 1],
      [500_000, 16_384],
      [400_000, 100],
    ] as const) {
      const { status, body } = await sendRaw(app, inChunks(textOf(length), size));
      expect([status, body]).toEqual([200, JSON.stringify({ length: length + 11 })]);
    }
  });

  it('is refused when they are very many', async () => {
    const { status, headers, body } = await sendRaw(app, inChunks(textOf(6_000), 1));
    expect([status, headers['connection']]).toEqual([413, 'close']);
    expect(body).toContain('PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['of a route', 'POST /length', 'application/json', [413]],
    ['of no route', 'POST /nowhere', 'application/json', [404, 413]],
    ['of a type that is not read', 'POST /length', 'image/png', [415]],
    ['that is not read', 'GET /nothing', 'application/json', [200]],
  ])('of a megabyte is not read to its end: one %s', async (_what, start, type, statuses) => {
    const megabyte = inChunks(textOf(170_000), 1, start)
      .replace('application/json', type)
      .replace('Connection: close\r\n', start.startsWith('GET') ? '' : 'Connection: close\r\n');
    const closed = new Promise<number>((resolve) => {
      app.server.once('connection', (socket: net.Socket) => {
        socket.once('close', () => resolve(socket.bytesRead));
      });
    });
    // The connection may be reset while the client still sends.
    const { status } = await sendRaw(app, megabyte).catch(() => ({ status: 0 }));
    expect([0, ...statuses]).toContain(status);
    // What the kernel has buffered is read in one go: 64 KiB, ten thousand chunks.
    expect(await closed).toBeLessThan(megabyte.length / 2);
  });
});
