import { describe, expect, it } from 'vitest';
import { fastify } from 'fastify';
import { isNotModified } from './entity-tag.ts';

const ETAG = '"a-1"';

const get = async (ifNoneMatch: string) => {
  const app = fastify();
  app.get('/', (request, reply) => {
    const headers = { etag: ETAG, cacheControl: 'max-age=5' };
    const isKnown = isNotModified(request.headers['if-none-match'], reply, headers);
    return reply.code(isKnown ? 304 : 200).send(undefined);
  });
  const { statusCode, headers } = await app.inject({
    url: '/',
    headers: { 'if-none-match': ifNoneMatch },
  });
  expect(headers).toMatchObject({ etag: ETAG, 'cache-control': 'max-age=5' });
  return statusCode;
};

describe('If-None-Match', () => {
  it.each([ETAG, `W/${ETAG}`, `"b", ${ETAG}`, `,"b-gzip",, ${ETAG} ,`, '*', ' * '])(
    '%s has the response',
    async (ifNoneMatch) => {
      expect(await get(ifNoneMatch)).toBe(304);
    },
  );

  it.each(['"b"', '"a-1-gzip"', 'W/"a-1-br"', '"a-1-gzip", "a-1-br"', 'a-1', ',', '"*"'])(
    '%s has another one, or none',
    async (ifNoneMatch) => {
      expect(await get(ifNoneMatch)).toBe(200);
    },
  );
});
