import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ID, product } from './kit/shop.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest();
});

afterAll(() => rest.close());

describe('a large response', () => {
  const large = { ...product, description: 'Holds tea. '.repeat(200) };
  const url = `/v1/products/${ID}`;
  const get = (headers: Record<string, string>) => rest.app.inject({ url, headers });

  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('is sent in %s to a client that asks for it', async (coding, decompress) => {
    rest.router.respond({ product: large });
    const plain = await get({});
    const packed = await get({ 'accept-encoding': coding });
    expect(packed.headers['content-encoding']).toBe(coding);
    expect(decompress(packed.rawPayload).toString()).toBe(plain.body);
    expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect(packed.headers['content-length']).toBe(String(packed.rawPayload.length));
    for (const { headers } of [plain, packed]) expect(headers.vary).toContain('Accept-Encoding');
    const etag = String(packed.headers.etag);
    expect(etag).toBe(String(plain.headers.etag).replace(/"$/, `-${coding}"`));
    const known = await get({ 'accept-encoding': coding, 'if-none-match': etag });
    expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag]);
    expect(known.headers.vary).toContain('Accept-Encoding');
  });

  it('is current for a client that has it in the coding that it asks for', async () => {
    rest.router.respond({ product: large });
    const tag = String((await get({})).headers.etag);
    const tags = {
      identity: tag,
      gzip: tag.replace(/"$/, '-gzip"'),
      br: tag.replace(/"$/, '-br"'),
    };
    const all = Object.values(tags).join(', ');
    for (const [coding, etag] of Object.entries(tags)) {
      for (const known of [etag, `W/${etag}`, all, '*', '"other"', ...Object.values(tags)]) {
        const reply = await get({ 'accept-encoding': coding, 'if-none-match': known });
        const isCurrent = known === '*' || known.includes(etag);
        expect([coding, known, reply.statusCode]).toEqual([coding, known, isCurrent ? 304 : 200]);
        expect(reply.headers.etag).toBe(etag);
      }
    }
  });

  it('has an ETag with which the product can be changed', async () => {
    rest.router.respond({ product: large, updateProduct: large });
    const { headers } = await get({ 'accept-encoding': 'gzip' });
    const options = { body: { name: 'x' }, headers: { 'if-match': String(headers.etag) } };
    expect((await rest.send('PATCH', url, options)).status).toBe(200);
    expect(rest.router.received.at(-1)?.variables).toMatchObject({ input: { version: 3 } });
  });

  it.each([undefined, 'identity', 'gzip;q=0, br;q=0', 'deflate'])(
    'is sent as it is to a client that asks for %s',
    async (accepted) => {
      rest.router.respond({ product: large });
      const reply = await get(accepted === undefined ? {} : { 'accept-encoding': accepted });
      expect(reply.headers).not.toHaveProperty('content-encoding');
      expect(reply.json<{ id: string }>().id).toBe(ID);
    },
  );

  it('is the only one that is compressed', async () => {
    rest.router.respond({ product });
    const reply = await get({ 'accept-encoding': 'gzip' });
    expect(reply.headers).not.toHaveProperty('content-encoding');
    const etag = String(reply.headers.etag);
    for (const [known, status] of [
      [etag, 304],
      ['*', 304],
      [etag.replace(/"$/, '-gzip"'), 200],
    ] as const) {
      const again = await get({ 'accept-encoding': 'gzip', 'if-none-match': known });
      expect([again.statusCode, again.headers.etag]).toEqual([status, etag]);
    }
  });

  it('is described, and HEAD has the same headers', async () => {
    const headers = { 'accept-encoding': 'br' };
    const document = await rest.app.inject({ url: '/openapi.json', headers });
    expect(document.headers['content-encoding']).toBe('br');
    rest.router.respond({ product: large });
    const head = await rest.app.inject({ method: 'HEAD', url, headers });
    const whole = await get(headers);
    for (const name of ['content-encoding', 'content-length', 'etag', 'vary']) {
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]]);
    }
  });
});
