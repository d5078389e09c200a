import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advice } from '@cartograph/errors';
import { sentenceOf, statuses, type Code } from '../src/problems/problem-error.ts';
import { startRest, type Rest } from './kit/start-rest.ts';

let rest: Rest;

beforeAll(async () => {
  rest = await startRest();
});

afterAll(() => rest.close());

const codes = Object.keys(statuses) as Code[];

/** The text of a page, without its tags. */
const readText = (html: string): string =>
  html
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const get = (url: string, headers: Record<string, string> = {}) =>
  rest.app.inject({ url, headers });

describe('the page of a problem', () => {
  it.each(codes)('%s says what a client should do', async (code) => {
    const url = `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
    const page = await get(url);
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    const text = readText(page.body);
    for (const part of [code, sentenceOf(code), advice[code], String(statuses[code])]) {
      expect(text).toContain(part.replaceAll('`', ''));
    }
  });

  it('is where a problem says', async () => {
    const { headers, body } = await rest.send('GET', '/v1/nothing');
    const [, url = ''] = /^<([^>]+)>; rel="help"$/.exec(String(headers['link'])) ?? [];
    expect((await get(url)).statusCode).toBe(200);
    expect(new URL(String(body['type'])).pathname).toBe(url);
  });

  it('is found by other spellings of the code', async () => {
    for (const spelling of ['OUT_OF_STOCK', 'out_of_stock', 'Out-Of-Stock']) {
      const { statusCode, headers } = await get(`/problems/${spelling}`);
      expect([statusCode, headers.location]).toEqual([308, '/problems/out-of-stock']);
    }
  });

  it.each(['nothing', 'constructor', '__proto__', '%3Cscript%3E', 'toString'])(
    'is not there for %s',
    async (code) => {
      expect(await rest.send('GET', `/problems/${code}`)).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    },
  );

  it('is listed, cached and without scripts', async () => {
    const list = await get('/problems');
    const links = [...list.body.matchAll(/href="([^"]+)"/g)].map(([, url]) => url);
    expect(links).toHaveLength(codes.length);
    for (const url of links) expect((await get(url ?? '')).statusCode).toBe(200);
    expect(list.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(list.headers['cache-control']).toBe('max-age=3600, public');
    const again = await get('/problems', { 'if-none-match': String(list.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('is current in the coding that the client asks for', async () => {
    const accepted = { 'accept-encoding': 'gzip' };
    const packed = await get('/problems', accepted);
    const etag = String(packed.headers.etag);
    expect(etag).toMatch(/-gzip"$/);
    for (const known of [etag, '*']) {
      const again = await get('/problems', { ...accepted, 'if-none-match': known });
      expect([again.statusCode, again.headers.etag]).toEqual([304, etag]);
    }
    expect((await get('/problems', { 'if-none-match': etag })).statusCode).toBe(200);
  });
});
