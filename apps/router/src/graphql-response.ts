import { HeaderMap, type ApolloServer } from '@apollo/server';
import { RETRY_AFTER_SECONDS } from '@cartograph/admission';
import { errorCatalogue } from '@cartograph/errors';
import { isOverdue } from '@cartograph/resilience';
import { readCacheHint } from '@cartograph/response-cache';
import { activeTraceId } from '@cartograph/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { KnownAnswers } from './known-answers.ts';
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
 * Responses of any other status are for one client.
 */
const toResponse = (
  status: number,
  headers: readonly (readonly [string, string])[],
  text: string,
): GraphqlResponse => {
  const caching = headers.find(([name]) => name === 'cache-control')?.[1];
  const { scope, maxAge } = readCacheHint(caching);
  const isPublic = status === 200 && scope === 'PUBLIC' && maxAge > 0;
  return {
    status,
    headers,
    // Encoded once for all clients.
    body: isPublic ? Buffer.from(text) : text,
    freshMs: isPublic ? maxAge * 1_000 : 0,
  };
};

/** As the integration of Apollo Server for Fastify does. */
const executeByApollo = async (
  { apollo, known }: GraphqlServers,
  request: FastifyRequest,
  makeContext: () => Context,
): Promise<GraphqlResponse> => {
  const {
    status = 200,
    headers,
    body,
  } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      body: request.body,
      method: request.method,
      headers: toHeaderMap(request),
      search: readSearch(request),
    },
    context: () => known.findContext(request, makeContext),
  });
  if (body.kind !== 'complete') throw new Error('the gateway sent a response in several parts');
  // A page for browsers is no response to a POST.
  if (status === 200 && request.method === 'POST') {
    known.learn(request, headers.get('content-type'));
  }
  const response = toResponse(status, [...headers], body.string);
  const isNotExecutable = status === 400 && NOT_EXECUTABLE.has(request.errorCode ?? '');
  return isNotExecutable && acceptsPlainJsonOnly(request) ? { ...response, status: 200 } : response;
};

/** Who executes requests: Apollo Server, and what answers known operations without it. */
export type GraphqlServers = {
  readonly apollo: ApolloServer<Context>;
  readonly known: KnownAnswers;
};

/** Executes a GraphQL request over HTTP. */
export const executeGraphql = async (
  servers: GraphqlServers,
  request: FastifyRequest,
  { lane, hasShortDeadline }: Pick<Context, 'lane' | 'hasShortDeadline'>,
): Promise<GraphqlResponse> => {
  const makeContext = (): Context => ({
    lane,
    hasShortDeadline,
    requestId: request.id,
    authorization: request.headers.authorization,
    device: request.headers['user-agent'],
    address: request.ip,
    onErrors: (code) => {
      request.errorCode = hasShortDeadline && isOverdue() ? SHORT_DEADLINE : code;
    },
  });
  const answer = await servers.known.answer(request, makeContext);
  return answer
    ? toResponse(answer.status, answer.headers, answer.body)
    : executeByApollo(servers, request, makeContext);
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
