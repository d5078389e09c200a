import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import { errorCodes, type FastifyInstance } from 'fastify';

/** Names and values of one request: its variables hold most of them, and few fit an operation. */
const MAX_SEPARATORS = 10_000;

/**
 * Counts what is in a body before it is read as JSON: 60,000 different names in one object cost
 * more than the whole request may.
 */
export const refuseCrowdedJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'ignore');
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    if (isCrowdedJson(body, MAX_SEPARATORS)) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else void parse(request, body, done);
  });
};
