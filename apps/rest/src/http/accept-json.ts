import { addUtf8Parser, isCrowdedJson } from '@cartograph/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

/** The largest body, an order of 100 lines, has 501. */
const MAX_SEPARATORS = 5_000;

const JSON_TYPES = ['application/json', 'application/x-www-form-urlencoded'];

/** RFC 7396: what PATCH of this API does. */
const MERGE_PATCH = 'application/merge-patch+json';

const isMergePatch = (type: string): boolean => type.toLowerCase().startsWith(MERGE_PATCH);

/**
 * Says what a refused body may be (RFC 9110, section 15.5.16; RFC 5789, section 2.2), unless it was refused
 * for its coding, which Accept-Encoding says.
 */
export const nameMediaTypes = ({ method }: FastifyRequest, reply: FastifyReply): void => {
  if (reply.hasHeader('accept-encoding')) return;
  reply.header('accept', 'application/json');
  if (method === 'PATCH') reply.header('accept-patch', `application/json, ${MERGE_PATCH}`);
};

/** Content-Encoding is a list, whose elements may be empty: RFC 9110, section 5.6.1.2. */
const isCompressed = (contentEncoding: string): boolean =>
  contentEncoding
    .toLowerCase()
    .split(',')
    .some((coding) => !['', 'identity'].includes(coding.trim()));

/**
 * Reads bodies as JSON; other content types are 415. A form and a body without a content type are
 * read as JSON too: `curl -d '{...}'` sends the first, some clients the second. Browsers send both
 * without a preflight, which is safe: the API has no cookies. An empty body is no body; the schema of
 * the route says whether that is valid. Compressed bodies are 415.
 */
export const acceptJson = (app: FastifyInstance): void => {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  addUtf8Parser(app, [...JSON_TYPES, MERGE_PATCH], (request, body, done) => {
    const isPatch = request.method === 'PATCH';
    if (!isPatch && isMergePatch(request.headers['content-type'] ?? '')) {
      done(new ProblemError('UNSUPPORTED_MEDIA_TYPE'));
    } else if (isCrowdedJson(body, MAX_SEPARATORS)) done(new ProblemError('PAYLOAD_TOO_LARGE'));
    else if (body.trim() === '') done(null, undefined);
    else void parse(request, body, done);
  });
  app.addHook('onRequest', async (request) => {
    request.headers['content-type'] ??= 'application/json';
  });
  app.addHook('preParsing', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD') return;
    if (isCompressed(request.headers['content-encoding'] ?? '')) {
      // RFC 9110, section 12.5.3: only a 415 for the coding may have it.
      reply.header('accept-encoding', 'identity');
      throw new ProblemError('UNSUPPORTED_MEDIA_TYPE', { detail: 'Send the body uncompressed.' });
    }
  });
};
