import { reasonOf } from './deadline.ts';
import type { Operation } from './operation.ts';
import { readRetryAfter } from './retry.ts';
import type { GraphError } from './shop-client-error.ts';

/** How requests are sent: to which address, by which application. */
export type Endpoint = {
  /** Absolute: a search is added to it. */
  readonly url: string;
  /** The name and version of the application, by which the shop counts its requests. */
  readonly name: string;
  readonly version: string | undefined;
  readonly fetch: typeof fetch;
  readonly maxUrlLength: number;
};

/** One request. */
export type Outgoing = {
  readonly operation: Operation;
  readonly variables: object;
  /** What identifies the operation: its id, its text, or both, which registers the id. */
  readonly by: 'id' | 'text' | 'both';
  readonly accessToken: string | null;
  /** Whether caches may answer it: it is the same for everyone, and sent by GET. */
  readonly isPublic: boolean;
  /** True for a response that no cache has stored. */
  readonly isFresh: boolean;
  readonly signal: AbortSignal;
};

/** The status of a response that did not come. */
export const NO_RESPONSE = 0;

/** A response. Without data and errors it is none of a GraphQL server. */
export type Incoming = {
  /** The HTTP status, or NO_RESPONSE. */
  readonly status: number;
  readonly data: object | null | undefined;
  readonly errors: readonly GraphError[];
  /** What the header Retry-After says, in seconds. */
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
  /** Why there is no response. */
  readonly cause?: unknown;
};

const ACCEPT = 'application/graphql-response+json, application/json;q=0.9';

const parametersOf = ({ operation, variables, by }: Outgoing) => ({
  ...(by !== 'id' && { query: operation.text }),
  ...(operation.name !== null && { operationName: operation.name }),
  variables,
  ...(by !== 'text' && {
    extensions: { persistedQuery: { version: 1, sha256Hash: operation.id } },
  }),
});

const toUrl = (url: string, parameters: object): string => {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    target.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return target.href;
};

const readBody = (text: string): Pick<Incoming, 'data' | 'errors'> => {
  try {
    const body = JSON.parse(text) as {
      readonly data?: unknown;
      readonly errors?: unknown;
    } | null;
    const { data, errors } = body ?? {};
    return {
      data: typeof data === 'object' ? data : undefined,
      errors: Array.isArray(errors) ? (errors as GraphError[]) : [],
    };
  } catch {
    return { data: undefined, errors: [] };
  }
};

/**
 * Sends one request, once.
 * @throws ShopClientError TIMEOUT at the deadline, and the reason of the caller's signal
 */
export const sendRequest = async (endpoint: Endpoint, outgoing: Outgoing): Promise<Incoming> => {
  const { accessToken, isPublic, isFresh, signal } = outgoing;
  const parameters = parametersOf(outgoing);
  const address = isPublic ? toUrl(endpoint.url, parameters) : endpoint.url;
  const isGet = isPublic && address.length <= endpoint.maxUrlLength;
  const headers = {
    accept: ACCEPT,
    'apollographql-client-name': endpoint.name,
    ...(endpoint.version !== undefined && { 'apollographql-client-version': endpoint.version }),
    // Shows the router that no page of another origin made the browser send it.
    ...(isGet ? { 'apollo-require-preflight': 'true' } : { 'content-type': 'application/json' }),
    ...(accessToken !== null && { authorization: `Bearer ${accessToken}` }),
  };
  try {
    const response = await endpoint.fetch(isGet ? address : endpoint.url, {
      method: isGet ? 'GET' : 'POST',
      headers,
      signal,
      ...(isFresh && { cache: 'no-store' as const }),
      ...(!isGet && { body: JSON.stringify(parameters) }),
    });
    const text = await response.text();
    return {
      ...readBody(text),
      status: response.status,
      retryAfterSeconds: readRetryAfter(response.headers.get('retry-after')),
      requestId: response.headers.get('x-request-id'),
    };
  } catch (cause) {
    if (signal.aborted) throw reasonOf(signal);
    return {
      status: NO_RESPONSE,
      data: undefined,
      errors: [],
      retryAfterSeconds: null,
      requestId: null,
      cause,
    };
  }
};
