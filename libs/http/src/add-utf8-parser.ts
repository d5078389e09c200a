import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestError } from './request-error.ts';

/** Receives the parsed body, or the error. */
type Done = (error: Error | null, body?: unknown) => void;

/** The parameter of a media type: RFC 9110, section 8.3.2. */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** The names of UTF-8, and of its subsets. */
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

const findFault = (body: Buffer, contentType: string | undefined): RequestError | null => {
  const charset = CHARSET.exec(contentType ?? '')?.[1];
  if (charset !== undefined && !UTF8_NAMES.has(charset.toLowerCase())) {
    return new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body in UTF-8.');
  }
  return isUtf8(body)
    ? null
    : new RequestError('MALFORMED_REQUEST', 'The body is not valid UTF-8.');
};

/**
 * Reads bodies of these media types as text. JSON is exchanged in UTF-8 (RFC 8259,
 * section 8.1): other bytes would turn into U+FFFD, and what is stored would not be what was sent.
 * They are refused as MALFORMED_REQUEST, another charset as UNSUPPORTED_MEDIA_TYPE.
 */
export const addUtf8Parser = (
  app: FastifyInstance,
  mediaTypes: string[],
  parse: (request: FastifyRequest, body: string, done: Done) => void,
): void => {
  app.addContentTypeParser<Buffer>(mediaTypes, { parseAs: 'buffer' }, (request, body, done) => {
    const fault = findFault(body, request.headers['content-type']);
    if (fault) done(fault);
    else parse(request, body.toString('utf8'), done);
  });
};
