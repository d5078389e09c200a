import { makeLogger } from '@cartograph/logging';
import { NOT_UTF8, putBytes } from '@cartograph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { addUtf8Parser } from './add-utf8-parser.ts';
import { makeHttpServer } from './make-http-server.ts';

let app: FastifyInstance;

beforeAll(() => {
  app = makeHttpServer({ log: makeLogger({ name: 'test', level: 'silent' }) }, {});
  app.removeAllContentTypeParsers();
  addUtf8Parser(app, ['application/json'], (_request, body, done) => done(null, { text: body }));
  app.post('/', (request) => request.body);
});
afterAll(() => app.close());

const post = async (payload: Buffer | string, type = 'application/json') => {
  const response = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': type },
    payload,
  });
  return { status: response.statusCode, body: response.json<unknown>() };
};

describe('a body', () => {
  it.each(NOT_UTF8)('is refused with 400 when it holds %s', async (_what, bytes) => {
    expect(await post(putBytes('{"name":"hat@!"}', bytes))).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: 'The body is not valid UTF-8.',
            extensions: { code: 'MALFORMED_REQUEST' },
          },
        ],
      },
    });
  });

  it.each(['hat', 'h\u00e4t', '\u20ac', '\u{1f600}', '\ufffd', '\ufeffhat', '\u0000', ''])(
    'is read as it is when it is %j',
    async (text) => {
      expect(await post(text)).toEqual({ status: 200, body: { text } });
    },
  );

  it.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8', 'US-ASCII'])('may say charset=%s', async (name) => {
    expect((await post('hat', `application/json; charset=${name}`)).status).toBe(200);
  });

  it.each(['iso-8859-1', 'utf-16', '"utf-16le"', 'shift_jis', 'utf-7'])(
    'is refused with 415 when it says charset=%s',
    async (name) => {
      const { status, body } = await post('hat', `application/json;charset=${name}`);
      expect([status, JSON.stringify(body)]).toEqual([
        415,
        expect.stringContaining('UNSUPPORTED_MEDIA_TYPE'),
      ]);
    },
  );
});
