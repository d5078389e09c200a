import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import { errorCodes, type FastifyInstance } from 'fastify';

/** The most separators of one value in the variables: of its name, its own, and that of an empty object. */
const SEPARATORS_PER_VALUE = 3;

/** Separators of all else in a request, such as its extensions. */
const OTHER_SEPARATORS = 1_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent; null unless it was JSON. */
    bodyText: string | null;
  }
}

/**
 * Reads bodies as JSON and keeps their text. A body with too many names and values is rejected before
 * it is parsed: 60,000 different names in one object cost more than a whole request may.
 * @param maxVariableValues how many values variables may have: with no more, a body is parsed
 */
export const readJson = (app: FastifyInstance, maxVariableValues: number): void => {
  const maxSeparators = OTHER_SEPARATORS + SEPARATORS_PER_VALUE * maxVariableValues;
  const parse = app.getDefaultJsonParser('error', 'ignore');
  app.decorateRequest('bodyText', null);
  app.removeContentTypeParser('application/json');
  addUtf8Parser(app, ['application/json'], (request, body, done) => {
    if (isCrowdedJson(body, maxSeparators)) {
      done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      return;
    }
    request.bodyText = body;
    void parse(request, body, done);
  });
};
