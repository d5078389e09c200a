import type { GraphQLDataSource } from '@apollo/gateway';
import type { LaneName } from '@cartograph/admission';
import { errorCatalogue } from '@cartograph/errors';
import {
  boundCall,
  isOverdue,
  makeSignedPost,
  RequestCancelled,
  type CallBounds,
  type SignedPost,
} from '@cartograph/resilience';
import { readCacheHint, type CacheHint } from '@cartograph/response-cache';
import { parse, type DocumentNode } from 'graphql';
import { findDistinct, repeatEntities } from './distinct-representations.ts';
import { findFailedPaths } from './failed-paths.ts';
import { makeStalledCalls, MAX_STALLED_CALLS } from './stalled-calls.ts';

/** The part of a client's request that is forwarded to the subgraphs. */
export type Context = {
  /** The lane of admission in which it is executed. */
  readonly lane: LaneName;
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** The client's user agent. */
  readonly device: string | undefined;
  readonly address: string;
  /** Whether its client waits for much less time than the shop allows. */
  readonly hasShortDeadline: boolean;
  /** Receives the code of the errors in the response, for metrics. */
  readonly onErrors?: (code: string) => void;
};

type Process = GraphQLDataSource<Context>['process'];

/** The data source of one subgraph. */
export type SubgraphSource = { readonly process: Process; readonly close: () => Promise<void> };

/** Of browsing, to one subgraph: those that stalled calls keep, and as many for all others. */
const CONNECTIONS = 2 * MAX_STALLED_CALLS;

/** Of payments and sign-ins, to one subgraph. */
const OWN_CONNECTIONS = 64;

/** Why a call was not sent. It is counted, and not logged: the calls that have stalled are, when they fail. */
const STALLED = new Error('too many calls of the subgraph have stalled');

/** How long the whole response may be cached. */
type CachePolicy = { restrict: (hint: CacheHint) => void };

/** A client that disconnects, or waits for a short time only, is no failure of a subgraph. */
const hasClientEnded = (error: unknown, { hasShortDeadline = false }: Partial<Context>): boolean =>
  (error instanceof RequestCancelled && error.reason === 'client disconnected') ||
  (hasShortDeadline && isOverdue());

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
  const open = (connections: number) =>
    makeSignedPost({
      service: options.name,
      url: options.url,
      caller: 'router',
      secret: options.secret,
      pool: { connections },
    });
  const browsing = open(CONNECTIONS);
  const others = open(OWN_CONNECTIONS);
  const stalled = makeStalledCalls(options.name);

  /**
   * Payments and sign-ins have few slots, and keep them when they stall, so their calls are bounded already. They
   * have connections of their own: neither they nor browsing can cut the other off.
   */
  const send = async (body: string, context: Partial<Context>) => {
    const { lane = 'general' } = context;
    const end = lane === 'general' ? stalled.begin() : () => {};
    if (!end) throw STALLED;
    const post = lane === 'general' ? browsing.post : others.post;
    try {
      return await boundCall(options.timeoutMs, (bounds) =>
        sendWithin(post, bounds, body, context),
      );
    } finally {
      end();
    }
  };

  const sendWithin = async (
    post: SignedPost['post'],
    bounds: CallBounds,
    body: string,
    { requestId, authorization, device, address }: Partial<Context>,
  ) => {
    if (bounds.leftMs < 1) throw new Error('deadline exceeded');
    const response = await post(body, bounds, {
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
        if (error !== STALLED && !hasClientEnded(error, received.context)) options.onFailure(error);
        const document = 'document' in received ? received.document : undefined;
        return fail(document ?? parse(query ?? ''), variables?.['representations']);
      }
    },
    close: async () => void (await Promise.all([browsing.close(), others.close()])),
  };
};
