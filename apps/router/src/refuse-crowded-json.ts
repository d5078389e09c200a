import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import { errorCodes, type FastifyInstance } from 'fastify';

/** Names and values of one request: its variables hold most of them, and few fit an operation. */
const MAX_SEPARATORS = 10_000;

/**
 * Rejects a body with too many names and values before it is parsed as JSON: 60,000 different names in
 * one object cost more than a whole request may.
 */
export const refuseCrowdedJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'ignore');
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    if (isCrowdedJson(body, MAX_SEPARATORS)) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else void parse(request, body, done);
  });
};
