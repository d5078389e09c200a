import { errorCatalogue, type ErrorCode } from '@cartograph/errors';
import { activeTraceId } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from './request-error.ts';

/** The codes of what the framework rejects before GraphQL, by HTTP status. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

type Answer = { readonly status: number; readonly code: ErrorCode; readonly message?: string };

const toAnswer = (error: unknown): Answer => {
  if (error instanceof RequestError) {
    return { status: error.statusCode, code: error.code, message: error.message };
  }
  const { statusCode = 500 } = (error ?? {}) as { statusCode?: number };
  if (statusCode < 400 || statusCode >= 500) return { status: 500, code: 'INTERNAL' };
  return { status: statusCode, code: CODES[statusCode] ?? 'MALFORMED_REQUEST' };
};

/**
 * The body of an error of a request that did not reach GraphQL. `trace_id` is that of the request; one
 * that could not be parsed has none.
 */
export const makeGraphqlErrorBody = (code: ErrorCode, message: string = errorCatalogue[code]) => {
  const traceId = activeTraceId();
  const extensions = { code, ...(traceId !== undefined && { trace_id: traceId }) };
  return { errors: [{ message, extensions }] };
};

/** Sends the error of a request that did not reach GraphQL, as a GraphQL error. */
export const sendGraphqlError = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const { status, code, message } = toAnswer(error);
  if (code === 'INTERNAL') request.log.error({ err: error }, 'request failed unexpectedly');
  // RFC 9110, section 15.5.2: a 401 names the scheme.
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .send(makeGraphqlErrorBody(code, message));
};
