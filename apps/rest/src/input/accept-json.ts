import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../problems/refusal.ts';

/** An order of 100 lines has 501; nothing else comes near. */
const MAX_SEPARATORS = 5_000;

/**
 * Reads bodies as JSON, and as nothing else (415). Two that don't say so are read as JSON as well:
 * `curl -d '{...}'` calls its body a form, and some clients call it nothing. Browsers send both
 * kinds without asking first, which is safe here: no cookie signs anybody in. An empty body is
 * none; the route's schema decides whether that will do.
 */
export const acceptJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  addUtf8Parser(
    app,
    ['application/json', 'application/x-www-form-urlencoded'],
    (request, body, done) => {
      if (isCrowdedJson(body, MAX_SEPARATORS)) done(new Refusal('PAYLOAD_TOO_LARGE'));
      else if (body.trim() === '') done(null, undefined);
      else void parse(request, body, done);
    },
  );
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] ??= 'application/json';
  });
};
