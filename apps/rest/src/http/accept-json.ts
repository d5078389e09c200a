import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

/** The largest body, an order of 100 lines, has 501. */
const MAX_SEPARATORS = 5_000;

/**
 * Reads bodies as JSON; other content types are 415. A form and a body without a content type are
 * read as JSON too: `curl -d '{...}'` sends the first, some clients the second. Browsers send both
 * without a preflight, which is safe: the API has no cookies. An empty body is no body; the schema of
 * the route says whether that is valid.
 */
export const acceptJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  addUtf8Parser(
    app,
    ['application/json', 'application/x-www-form-urlencoded'],
    (request, body, done) => {
      if (isCrowdedJson(body, MAX_SEPARATORS)) done(new ProblemError('PAYLOAD_TOO_LARGE'));
      else if (body.trim() === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] ??= 'application/json';
  });
};
