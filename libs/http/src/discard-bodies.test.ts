import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { makeLogger } from '@cartograph/logging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { makeHttpServer } from './make-http-server.ts';

const MEBIBYTE = 1024 * 1024;

let app: FastifyInstance;

beforeAll(async () => {
  app = makeHttpServer({ log: makeLogger({ name: 'test', level: 'silent' }) }, {});
  app.post('/length', (request) => ({ length: JSON.stringify(request.body).length }));
  await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => app.close());

/** Writes all of a request before it reads anything, as many clients do. */
const writeThenRead = async (head: string, body: string): Promise<string> => {
  const { port } = app.server.address() as net.AddressInfo;
  const socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
  await once(socket, 'connect');
  socket.write(`POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${head}\r\n`);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(body, () => resolve());
  });
  return text(socket);
};

const inChunks = (body: string, size: number): string => {
  const chunks: string[] = [];
  for (let index = 0; index < body.length; index += size) {
    const chunk = body.slice(index, index + size);
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return `${chunks.join('')}0\r\n\r\n`;
};

describe('a body that is too large', () => {
  const body = `"${'x'.repeat(7 * MEBIBYTE)}"`;

  it.each([
    ['with its length', `Content-Length: ${body.length}\r\n`, body],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', inChunks(body, 65_536)],
  ])('is refused in words that its client can read: one %s', async (_what, head, sent) => {
    const response = await writeThenRead(head, sent);
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(response).toContain('PAYLOAD_TOO_LARGE');
  });

  it('is not read to its end when it is much too large', async () => {
    const closed = new Promise<number>((resolve) => {
      app.server.once('connection', (socket: net.Socket) => {
        socket.once('close', () => resolve(socket.bytesRead));
      });
    });
    const huge = `"${'x'.repeat(64 * MEBIBYTE)}"`;
    await writeThenRead(`Content-Length: ${huge.length}\r\n`, huge).catch(() => '');
    expect(await closed).toBeLessThan(huge.length / 2);
  });
});
