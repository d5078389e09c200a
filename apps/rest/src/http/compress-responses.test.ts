import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fastify } from 'fastify';
import { compressResponses } from './compress-responses.ts';

const TEXT = JSON.stringify({ text: 'tea '.repeat(1_000) });

const openApp = (body: Buffer | string) => {
  const app = fastify();
  compressResponses(app);
  app.get('/', async (_request, reply) => reply.type('application/json').send(body));
  return async (coding: string): Promise<Buffer> => {
    const { rawPayload } = await app.inject({ url: '/', headers: { 'accept-encoding': coding } });
    return rawPayload;
  };
};

describe('a response of which several clients get the same buffer', () => {
  it('is compressed once for each coding', async () => {
    const body = Buffer.from(TEXT);
    const get = openApp(body);
    expect(gunzipSync(await get('gzip')).toString()).toBe(TEXT);
    expect(brotliDecompressSync(await get('br')).toString()).toBe(TEXT);
    // What is compressed from now on is another text.
    body.fill(' ');
    expect(gunzipSync(await get('gzip')).toString()).toBe(TEXT);
    expect(brotliDecompressSync(await get('br')).toString()).toBe(TEXT);
  });
});

describe('the coding of a response', () => {
  it.each([
    ['br;q=0, *', 'gzip'],
    ['BR;Q=0, *', 'gzip'],
    ['gzip;q=0, *;q=0.5', 'br'],
    ['br;q=0.5, *', 'gzip'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['br, *;q=0', 'br'],
    ['br;q=0, gzip;q=0, *', undefined],
    ['gzip;q=0.5, br;q=0.1', 'gzip'],
    ['br;q=0.5, identity', undefined],
    ['gzip, identity', 'gzip'],
    ['identity;q=0', undefined],
    [', ,gzip', 'gzip'],
    ['', undefined],
  ])('for Accept-Encoding: %s is %s', async (accepted, coding) => {
    const app = fastify();
    compressResponses(app);
    app.get('/', async (_request, reply) => reply.type('application/json').send(TEXT));
    const headers = { 'accept-encoding': accepted };
    const reply = await app.inject({ url: '/', headers });
    expect(reply.headers['content-encoding']).toBe(coding);
  });
});

describe('a response of its own', () => {
  it('is compressed each time', async () => {
    const get = openApp(TEXT);
    expect(gunzipSync(await get('gzip')).toString()).toBe(TEXT);
    expect(gunzipSync(await get('gzip')).toString()).toBe(TEXT);
  });
});
