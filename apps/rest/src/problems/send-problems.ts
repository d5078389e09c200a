import { ShopError } from '@cartograph/errors';
import { RequestError, type ErrorFormat } from '@cartograph/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NO_STORE } from '../caching.ts';
import { makeProblemBody } from './problem-body.ts';
import { Refusal } from './refusal.ts';
import { statuses, type Code } from './statuses.ts';

/** What Fastify itself refuses; its other complaints about a request are MALFORMED_REQUEST. */
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

const toRefusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof RequestError) return new Refusal(error.code, { detail: error.message });
  if (error instanceof ShopError) {
    const { code, message: detail, retryAfterSeconds } = error;
    return new Refusal(code, {
      detail,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  return new Refusal(frameworkCode(error));
};

/** An error that the client is told all of needs no line in the log. */
const isUnexplained = (error: unknown, code: Code): boolean =>
  code === 'INTERNAL' || (error instanceof ShopError && error.cause !== undefined);

/** Idempotency a request that failed, whatever the error: the cause goes to the log, not outside. */
export const sendProblem = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const refusal = toRefusal(error);
  const { code } = refusal;
  const status = statuses[code];
  if (isUnexplained(error, code)) {
    request.log[status < 500 ? 'warn' : 'error']({ err: error, code }, 'request failed');
  }
  // RFC 9110, section 15.5.2: a 401 names the scheme.
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  const retryAfter = refusal.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return (
    reply
      .code(status)
      // The route may have promised more before it failed.
      .header('cache-control', NO_STORE)
      .type('application/problem+json')
      .serializer(JSON.stringify)
      .send(makeProblemBody(refusal, request.url))
  );
};

/** Makes the body of a request that could not be read: nobody knows what it asked for. */
export const formatUnreadable: ErrorFormat = ({ code, message: detail }) => ({
  contentType: 'application/problem+json',
  body: JSON.stringify(makeProblemBody(new Refusal(code, { detail }), '')),
});

/** Makes an address that is not there an application/problem+json too. */
export const sendNotFound = (app: FastifyInstance): void => {
  // Before the body is read: nobody cares whether it was well-formed.
  app.addHook('onRequest', async (request) => {
    if (request.is404) throw new Refusal('NOT_FOUND');
  });
  app.setNotFoundHandler((request, reply) => sendProblem(new Refusal('NOT_FOUND'), request, reply));
};
