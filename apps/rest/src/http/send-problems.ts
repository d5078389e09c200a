import { ShopError } from '@cartograph/errors';
import { RequestError, type ErrorFormat } from '@cartograph/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makeProblemBody, problemSlug } from '../problems/problem-body.ts';
import { ProblemError, statuses, type Code } from '../problems/problem-error.ts';
import { nameMediaTypes } from './accept-json.ts';
import { NO_STORE } from './caching.ts';

/** Fastify's own errors about a request; all others are MALFORMED_REQUEST. */
const FRAMEWORK_CODES = new Map<unknown, Code>([
  ['FST_ERR_BAD_URL', 'NOT_FOUND'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'PAYLOAD_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'NOT_FOUND'],
]);

const frameworkCode = (error: unknown): Code => {
  const { code, statusCode = 500 } = (error ?? {}) as { code?: unknown; statusCode?: number };
  if (statusCode < 400 || statusCode >= 500) return 'INTERNAL';
  return FRAMEWORK_CODES.get(code) ?? 'MALFORMED_REQUEST';
};

const toProblemError = (error: unknown): ProblemError => {
  if (error instanceof ProblemError) return error;
  if (error instanceof RequestError) return new ProblemError(error.code, { detail: error.message });
  if (error instanceof ShopError) {
    const { code, message: detail, retryAfterSeconds } = error;
    return new ProblemError(code, {
      detail,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  return new ProblemError(frameworkCode(error));
};

/** An error that the response explains in full is not logged. */
const mustBeLogged = (error: unknown, code: Code): boolean =>
  code === 'INTERNAL' || (error instanceof ShopError && error.cause !== undefined);

/** Where the `type` of a problem can be read, on any host. */
const linkHelp = (code: Code): string => `</problems/${problemSlug(code)}>; rel="help"`;

/** A challenge says why a token failed only when the request has one: RFC 6750, section 3.1. */
const hasToken = ({ authorization = '' }: FastifyRequest['headers']): boolean =>
  /^bearer +\S/i.test(authorization);

/**
 * draft-ietf-httpapi-ratelimit-headers: nothing is left of the limit of this operation, and for how long; and which
 * limit that is. Of attempts at the same time it would have no window, and has no policy.
 */
const limitHeaders = (
  { routeOptions }: FastifyRequest,
  { quota }: ProblemError,
  retryAfter = 1,
): Readonly<Record<string, string>> => {
  const name = `"${routeOptions.schema?.operationId ?? 'attempts'}"`;
  return {
    ratelimit: `${name};r=0;t=${retryAfter}`,
    ...(quota && { 'ratelimit-policy': `${name};q=${quota.limit};w=${quota.windowSeconds}` }),
  };
};

/** Sends the problem of a request that failed. The cause of an error is logged, never sent. */
export const sendProblem = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const problem = toProblemError(error);
  const { code } = problem;
  const status = statuses[code];
  if (mustBeLogged(error, code)) {
    request.log[status < 500 ? 'warn' : 'error']({ err: error, code }, 'request failed');
  }
  // RFC 9110, section 15.5.2: a 401 names the scheme.
  if (status === 401) {
    const isInvalid = code === 'UNAUTHENTICATED' && hasToken(request.headers);
    reply.header('www-authenticate', isInvalid ? 'Bearer error="invalid_token"' : 'Bearer');
  }
  if (status === 415) nameMediaTypes(request, reply);
  const retryAfter = problem.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  if (status === 429) reply.headers(limitHeaders(request, problem, retryAfter));
  return (
    reply
      .code(status)
      // The route may have set another value before it failed.
      .header('cache-control', NO_STORE)
      .header('link', linkHelp(code))
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(makeProblemBody(problem, request.url))
  );
};

/** Makes the body for a request that could not be read, so that its path is not known. */
export const formatUnreadable: ErrorFormat = ({ code, message: detail }) => ({
  contentType: 'application/problem+json',
  body: JSON.stringify(makeProblemBody(new ProblemError(code, { detail }), '')),
  headers: { Link: linkHelp(code) },
});

/** `/v1/products/` is not a product without an id: no path of the API, nor of problems, ends with a slash. */
export const isUnknownSlash = ({ url }: FastifyRequest): boolean =>
  /^\/(?:v1|problems)\/(?:[^?]*\/)?(?:$|\?)/.test(url);

/** Answers unknown paths with NOT_FOUND, before the body is read. */
export const sendNotFound = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request) => {
    if (request.is404 || isUnknownSlash(request)) throw new ProblemError('NOT_FOUND');
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new ProblemError('NOT_FOUND'), request, reply),
  );
};
