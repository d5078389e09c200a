import type { GraphQLDataSource } from '@apollo/gateway';
import { errorCatalogue } from '@cartograph/errors';
import {
  boundCall,
  makeSignedPost,
  RequestCancelled,
  type CallBounds,
} from '@cartograph/resilience';
import { readCacheHint, type CacheHint } from '@cartograph/response-cache';
import { parse, type DocumentNode } from 'graphql';
import { findDistinct, repeatEntities } from './distinct-representations.ts';
import { findFailedPaths } from './failed-paths.ts';
import { makeStalledCalls, MAX_STALLED_CALLS } from './stalled-calls.ts';

/** The part of a client's request that is forwarded to the subgraphs. */
export type Context = {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** The client's user agent. */
  readonly device: string | undefined;
  readonly address: string;
  /** Receives the code of the errors in the response, for metrics. */
  readonly onErrors?: (code: string) => void;
};

type Process = GraphQLDataSource<Context>['process'];

/** The data source of one subgraph. */
export type SubgraphSource = { readonly process: Process; readonly close: () => Promise<void> };

/** Of one subgraph: those that stalled calls keep, and as many for all others. */
const CONNECTIONS = 2 * MAX_STALLED_CALLS;

/** Why a call was not sent. It is counted, and not logged: the calls that have stalled are, when they fail. */
const STALLED = new Error('too many calls of the subgraph have stalled');

/** How long the whole response may be cached. */
type CachePolicy = { restrict: (hint: CacheHint) => void };

/** A client that disconnects is no failure of a subgraph. */
const hasDisconnected = (error: unknown): boolean =>
  error instanceof RequestCancelled && error.reason === 'client disconnected';

const isGraphQLResponse = (value: unknown): value is Awaited<ReturnType<Process>> =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);

/** The result when a subgraph did not respond: an error at each path that has no value for that. */
const fail = (document: DocumentNode, representations: unknown): Awaited<ReturnType<Process>> => ({
  data: null,
  errors: findFailedPaths(document, representations).map((path) => ({
    message: errorCatalogue.UNAVAILABLE,
    path,
    extensions: { code: 'UNAVAILABLE' },
  })),
});

/**
 * Makes the data source of one subgraph. Requests are signed as the router's and describe the client.
 * It is faster for small responses than the gateway's own source, and restricts the caching of the
 * client's response like that one. The deadline of a request is that of the client's, at most
 * `timeoutMs`; after it, no request is sent, and none while too many have stalled. A request is aborted when the client's is cancelled: a
 * subgraph then stops reads and completes mutations.
 * @param onFailure receives the reason why a subgraph did not respond; the client does not
 */
export const makeSubgraphSource = (options: {
  name: string;
  url: string;
  secret: string;
  timeoutMs: number;
  onFailure: (error: unknown) => void;
}): SubgraphSource => {
  const { origin } = new URL(options.url);
  const subgraph = makeSignedPost({
    service: options.name,
    url: options.url,
    caller: 'router',
    secret: options.secret,
    pool: { connections: CONNECTIONS },
  });

  const stalled = makeStalledCalls(options.name);

  const send = async (body: string, context: Partial<Context>) => {
    const end = stalled.begin();
    if (!end) throw STALLED;
    try {
      return await boundCall(options.timeoutMs, (bounds) => sendWithin(bounds, body, context));
    } finally {
      end();
    }
  };

  const sendWithin = async (
    bounds: CallBounds,
    body: string,
    { requestId, authorization, device, address }: Partial<Context>,
  ) => {
    if (bounds.leftMs < 1) throw new Error('deadline exceeded');
    const response = await subgraph.post(body, bounds, {
      ...(requestId && { 'x-request-id': requestId }),
      ...(authorization && { authorization }),
      ...(device && { 'x-client-device': device }),
      ...(address && { 'x-client-address': address }),
    });
    const result: unknown = await response.body.json();
    // 403 is about the router, not the client: the subgraph does not accept its secret.
    if (response.statusCode === 403 || !isGraphQLResponse(result)) {
      throw new Error(`${origin} answered ${response.statusCode}`);
    }
    return { result, hint: readCacheHint(response.headers['cache-control']) };
  };

  return {
    process: async (received) => {
      const { query, operationName, variables } = received.request;
      const distinct = findDistinct(variables?.['representations']);
      const body = JSON.stringify({
        query,
        operationName,
        variables: distinct ? { ...variables, representations: distinct.values } : variables,
      });
      try {
        const { result, hint } = await send(body, received.context);
        if ('incomingRequestContext' in received) {
          (received.incomingRequestContext.overallCachePolicy as CachePolicy).restrict(hint);
        }
        return distinct ? repeatEntities(result, distinct) : result;
      } catch (error) {
        if (error !== STALLED && !hasDisconnected(error)) options.onFailure(error);
        const document = 'document' in received ? received.document : undefined;
        return fail(document ?? parse(query ?? ''), variables?.['representations']);
      }
    },
    close: subgraph.close,
  };
};
