import type { GraphQLDataSource } from '@apollo/gateway';
import { CALLER_HEADER, makeCallerSigner } from '@cartograph/auth';
import { errorCatalogue } from '@cartograph/errors';
import {
  currentSignal,
  DEADLINE_HEADER,
  RequestCancelled,
  remainingMs,
} from '@cartograph/resilience';
import { GraphQLError } from 'graphql';
import { Pool } from 'undici';
import type { Context } from './context.ts';
import { readCacheHint, type CacheHint } from './read-cache-hint.ts';

type Process = GraphQLDataSource<Context>['process'];

/** The source of one subgraph, and how to let go of its connections. */
export type SubgraphSource = { readonly process: Process; readonly close: () => Promise<void> };

const CONNECTIONS = 64;

/** The part of the gateway's request that says how long the whole answer may be kept. */
type CachePolicy = { restrict: (hint: CacheHint) => void };

/** The client knows that it is gone; what failed with it is no failure of a subgraph. */
const hasDisconnected = (error: unknown): boolean =>
  error instanceof RequestCancelled && error.reason === 'client disconnected';

const isAnswer = (value: unknown): value is Awaited<ReturnType<Process>> =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);

/**
 * Makes the way to one subgraph: requests are signed as the router's and carry who the client is.
 * It sends through an undici pool; the gateway's own source spends most of a small fetch in layers.
 * As that one does, it lets the client's answer be kept no longer than this part of it.
 * A subgraph is told how long it is waited for: what is left of the client's request, at most
 * `timeoutMs`. When nothing is left it is not asked. A request is aborted when the client's is
 * cancelled: a subgraph stops what reads, and completes what changes data.
 * @param onFailure is told why a subgraph did not answer; the client learns only that it did not
 */
export const makeSubgraphSource = (options: {
  name: string;
  url: string;
  secret: string;
  timeoutMs: number;
  onFailure: (error: unknown) => void;
}): SubgraphSource => {
  const url = new URL(options.url);
  const pool = new Pool(url.origin, { connections: CONNECTIONS });
  const sign = makeCallerSigner('router', options.secret);

  const send = async (
    body: string,
    { requestId, authorization, device, address }: Partial<Context>,
  ) => {
    const cancelled = currentSignal();
    cancelled?.throwIfAborted();
    const leftMs = Math.min(options.timeoutMs, remainingMs() ?? Number.POSITIVE_INFINITY);
    if (leftMs < 1) throw new Error('the time for the request is over');
    const timeout = AbortSignal.timeout(Math.ceil(leftMs));
    const response = await pool.request({
      path: url.pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [CALLER_HEADER]: sign({
          audience: options.name,
          method: 'POST',
          path: url.pathname,
          body,
        }),
        [DEADLINE_HEADER]: String(Math.floor(leftMs)),
        ...(requestId && { 'x-request-id': requestId }),
        ...(authorization && { authorization }),
        ...(device && { 'x-client-device': device }),
        ...(address && { 'x-client-address': address }),
      },
      body,
      signal: cancelled ? AbortSignal.any([timeout, cancelled]) : timeout,
    });
    const answer: unknown = await response.body.json();
    // 403 is about the router, not about the client: its secret is not the one the subgraph knows.
    if (response.statusCode === 403 || !isAnswer(answer)) {
      throw new Error(`${url.origin} answered ${response.statusCode}`);
    }
    return { answer, hint: readCacheHint(response.headers['cache-control']) };
  };

  return {
    process: async (asked) => {
      const { query, operationName, variables } = asked.request;
      const body = JSON.stringify({ query, operationName, variables });
      try {
        const { answer, hint } = await send(body, asked.context);
        if ('incomingRequestContext' in asked) {
          (asked.incomingRequestContext.overallCachePolicy as CachePolicy).restrict(hint);
        }
        return answer;
      } catch (error) {
        if (!hasDisconnected(error)) options.onFailure(error);
        throw new GraphQLError(errorCatalogue.UNAVAILABLE, { extensions: { code: 'UNAVAILABLE' } });
      }
    },
    close: () => pool.close(),
  };
};
