import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { RETRY_AFTER_SECONDS } from '@cartograph/admission';
import { errorCatalogue } from '@cartograph/errors';
import { isOverdue } from '@cartograph/resilience';
import { readCacheHint } from '@cartograph/response-cache';
import { activeTraceId } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from './make-subgraph-source.ts';

/** A complete response to a GraphQL request, which may be sent to several clients. */
export type GraphqlResponse = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
  /** For how long everyone may be sent this response, in milliseconds; 0: only its own client. */
  readonly freshMs: number;
};

/** Makes the response to a request for which there is no slot. */
export const makeOverloaded = (): GraphqlResponse => ({
  status: 503,
  headers: [
    ['content-type', 'application/json; charset=utf-8'],
    ['cache-control', 'no-store'],
    ['retry-after', String(RETRY_AFTER_SECONDS)],
  ],
  body: JSON.stringify({
    errors: [
      {
        message: errorCatalogue.UNAVAILABLE,
        extensions: {
          code: 'UNAVAILABLE',
          retryAfterSeconds: RETRY_AFTER_SECONDS,
          trace_id: activeTraceId(),
        },
      },
    ],
  }),
  freshMs: 0,
});

const toHeaderMap = ({ headers }: FastifyRequest): HeaderMap => {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
};

/** What is wrong with a document or its variables: the request that has them is well-formed. */
const NOT_EXECUTABLE: ReadonlySet<string> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * Whether a client accepts `application/json`, and neither `application/graphql-response+json` nor any type.
 * For it the GraphQL over HTTP specification has status 200 for every well-formed request: with another
 * status it could not know that GraphQL answered. All others get 400.
 */
const acceptsPlainJsonOnly = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  /\bapplication\/json\b/i.test(accept) && !/\bgraphql-response\+json\b|\*\/\*/i.test(accept);

/** In metrics, the code of a request that ended because its client did not wait: no fault of the shop. */
const SHORT_DEADLINE = 'DEADLINE_EXCEEDED';

const readSearch = ({ url }: FastifyRequest): string => {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
};

/**
 * Apollo Server sends a public Cache-Control for a query without errors whose every part is public.
 * Responses of any other status, and those in several parts, are for one client.
 */
const toResponse = ({ status = 200, headers, body }: HTTPGraphQLResponse): GraphqlResponse => {
  if (body.kind !== 'complete') throw new Error('the gateway sent a response in several parts');
  const { scope, maxAge } = readCacheHint(headers.get('cache-control'));
  const isPublic = status === 200 && scope === 'PUBLIC' && maxAge > 0;
  return {
    status,
    headers: [...headers],
    // Encoded once for all clients.
    body: isPublic ? Buffer.from(body.string) : body.string,
    freshMs: isPublic ? maxAge * 1_000 : 0,
  };
};

/** Executes a GraphQL request over HTTP, as the integration of Apollo Server for Fastify does. */
export const executeGraphql = async (
  apollo: ApolloServer<Context>,
  request: FastifyRequest,
  { lane, hasShortDeadline }: Pick<Context, 'lane' | 'hasShortDeadline'>,
): Promise<GraphqlResponse> => {
  const response = toResponse(
    await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        body: request.body,
        method: request.method,
        headers: toHeaderMap(request),
        search: readSearch(request),
      },
      context: async () => ({
        lane,
        hasShortDeadline,
        requestId: request.id,
        authorization: request.headers.authorization,
        device: request.headers['user-agent'],
        address: request.ip,
        onErrors: (code) => {
          request.errorCode = hasShortDeadline && isOverdue() ? SHORT_DEADLINE : code;
        },
      }),
    }),
  );
  const isNotExecutable = response.status === 400 && NOT_EXECUTABLE.has(request.errorCode ?? '');
  return isNotExecutable && acceptsPlainJsonOnly(request) ? { ...response, status: 200 } : response;
};

/**
 * Sends a response.
 * @param ageMs how long before the request its execution began; 0 when that was for the request. A part of a
 * second counts as one in `Age`, so that the caches of clients never use it for longer than its `max-age` in all
 */
export const sendGraphql = (
  reply: FastifyReply,
  { status, headers, body }: GraphqlResponse,
  ageMs: number,
): FastifyReply => {
  for (const [name, value] of headers) void reply.header(name, value);
  if (ageMs > 0) void reply.header('age', String(Math.ceil(ageMs / 1_000)));
  return reply.code(status).send(body);
};
