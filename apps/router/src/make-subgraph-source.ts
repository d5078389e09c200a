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
  /** Receives each reply of a subgraph, with a key that follows from the request. */
  readonly keepReply?: (key: string, reply: Reply) => void;
  /** The reply to a request that was sent before; undefined for one that was not. */
  readonly takeReply?: (key: string) => Reply | undefined;
};

/** What a subgraph sent, as JSON, and how long it may be cached; null when it did not respond. */
export type Reply = { readonly text: string; readonly hint: CacheHint } | null;

type Process = GraphQLDataSource<Context>['process'];
type Result = Awaited<ReturnType<Process>>;

/** How long the whole response may be cached. */
export type CachePolicy = { readonly restrict: (hint: CacheHint) => void };

/** An operation for a subgraph. */
export type SubgraphRequest = {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Record<string, unknown> | undefined;
  /** The same as `query`. */
  readonly document?: DocumentNode | undefined;
};

/** The data source of one subgraph. */
export type SubgraphSource = {
  /**
   * Sends an operation of a client's request.
   * @param cachePolicy of the client's response, which the subgraph's restricts
   * @returns the result; errors when the subgraph did not respond
   */
  readonly fetch: (
    request: SubgraphRequest,
    context?: Partial<Context>,
    cachePolicy?: CachePolicy,
  ) => Promise<Result>;
  /** The same, as the gateway calls it. */
  readonly process: Process;
  readonly close: () => Promise<void>;
};

/** Of browsing, to one subgraph: those that stalled calls keep, and as many for all others. */
const CONNECTIONS = 2 * MAX_STALLED_CALLS;

/** Of payments and sign-ins, to one subgraph. */
const OWN_CONNECTIONS = 64;

/** Why a call was not sent. It is counted, and not logged: the calls that have stalled are, when they fail. */
const STALLED = new Error('too many calls of the subgraph have stalled');

/** A client that disconnects, or waits for a short time only, is no failure of a subgraph. */
const hasClientEnded = (error: unknown, { hasShortDeadline = false }: Partial<Context>): boolean =>
  (error instanceof RequestCancelled && error.reason === 'client disconnected') ||
  (hasShortDeadline && isOverdue());

const isGraphQLResponse = (value: unknown): value is Result =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);

/** The result when a subgraph did not respond: an error at each path that has no value for that. */
const fail = (document: DocumentNode, representations: unknown): Result => ({
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
    const text = await response.body.text();
    // 403 is about the router, not the client: the subgraph does not accept its secret.
    if (response.statusCode === 403) throw new Error(`${origin} answered 403`);
    const result: unknown = JSON.parse(text);
    if (!isGraphQLResponse(result)) throw new Error(`${origin} answered ${response.statusCode}`);
    return { result, text, hint: readCacheHint(response.headers['cache-control']) };
  };

  /** @returns what was sent to the same request before, or the response; null when there was none */
  const ask = async (body: string, context: Partial<Context>) => {
    const key = `${options.name} ${body}`;
    const taken = context.takeReply?.(key);
    if (taken !== undefined) {
      return taken && { result: JSON.parse(taken.text) as Result, hint: taken.hint };
    }
    try {
      const { result, text, hint } = await send(body, context);
      context.keepReply?.(key, { text, hint });
      return { result, hint };
    } catch (error) {
      if (error !== STALLED && !hasClientEnded(error, context)) options.onFailure(error);
      context.keepReply?.(key, null);
      return null;
    }
  };

  const fetch: SubgraphSource['fetch'] = async (request, context = {}, cachePolicy) => {
    const { query, operationName, variables } = request;
    const distinct = findDistinct(variables?.['representations']);
    const body = JSON.stringify({
      query,
      operationName,
      variables: distinct ? { ...variables, representations: distinct.values } : variables,
    });
    const reply = await ask(body, context);
    if (!reply) return fail(request.document ?? parse(query), variables?.['representations']);
    cachePolicy?.restrict(reply.hint);
    return distinct ? repeatEntities(reply.result, distinct) : reply.result;
  };

  return {
    fetch,
    process: async (received) => {
      const { query = '', operationName, variables } = received.request;
      const isOfClient = 'incomingRequestContext' in received;
      return fetch(
        { query, operationName, variables, document: isOfClient ? received.document : undefined },
        received.context,
        isOfClient
          ? (received.incomingRequestContext.overallCachePolicy as CachePolicy)
          : undefined,
      );
    },
    close: async () => void (await Promise.all([browsing.close(), others.close()])),
  };
};
