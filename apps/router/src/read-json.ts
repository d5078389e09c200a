import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import { errorCodes, type FastifyInstance } from 'fastify';

/** Names and values of one request: its variables hold most of them, and few fit an operation. */
const MAX_SEPARATORS = 10_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent; null unless it was JSON. */
    bodyText: string | null;
  }
}

/**
 * Reads bodies as JSON and keeps their text. A body with too many names and values is rejected before
 * it is parsed: 60,000 different names in one object cost more than a whole request may.
 */
export const readJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'ignore');
  app.decorateRequest('bodyText', null);
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    if (isCrowdedJson(body, MAX_SEPARATORS)) {
      done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      return;
    }
    request.bodyText = body;
    void parse(request, body, done);
  });
};
