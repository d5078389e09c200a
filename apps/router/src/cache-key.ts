import type { GraphqlRequest } from './graphql-request.ts';
import { PLAN_HEADER } from './wrap-gateway.ts';

/** The longest request, in characters, whose response is cached: a page of REST has 1,000. */
const MAX_KEY = 16_384;

/**
 * Headers with which a request is never answered from the cache: with credentials it is its viewer's
 * own; with the others its client asks for a current response (RFC 9111, section 5.2.1), or for the
 * query plan, which the gateway adds to the response in development.
 */
const BYPASSING = ['authorization', 'cache-control', 'pragma', PLAN_HEADER];

/** One of these shows Apollo Server that no web page of another origin sent a GET unasked. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/** Apollo Client sends it with a GET, too. No web page of another origin can send it unasked. */
const JSON_TYPE = 'application/json';

const isGiven = (value: unknown): boolean => typeof value === 'string' && value !== '';

const passesCsrfPrevention = (headers: GraphqlRequest['headers']): boolean => {
  const type = headers['content-type'];
  if (type !== undefined) return type === JSON_TYPE;
  return PREFLIGHT_HEADERS.some((name) => isGiven(headers[name]));
};

/**
 * The key of a request: two requests have the same key only if all that their responses depend on is
 * the same. It is the request as it was sent, byte for byte, rather than what it means: other spaces, names in
 * another order, a name twice, null instead of nothing, 1.0 instead of 1 are other keys. So it can't
 * be confused by what a JSON parser or GraphQL would treat differently. `accept` chooses the content
 * type.
 * @returns null when the response may not come from the cache, nor be stored in it. Requests that
 * Apollo Server's CSRF prevention would examine further are among them
 */
export const readCacheKey = (request: Omit<GraphqlRequest, 'body' | 'query'>): string | null => {
  const { headers, bodyText, method, url } = request;
  if (BYPASSING.some((name) => headers[name] !== undefined)) return null;
  let text: string;
  if (method === 'POST' && url === '/graphql' && bodyText !== null) {
    text = bodyText;
  } else if (method === 'GET' && passesCsrfPrevention(headers)) {
    text = url;
  } else {
    return null;
  }
  // A header has no line break: no two requests are the same text.
  const key = `${method} ${headers.accept ?? ''}\n${text}`;
  return key.length <= MAX_KEY ? key : null;
};
