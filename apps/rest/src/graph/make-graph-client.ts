import {
  makeAdmission,
  makeLaneChoice,
  mostConcurrent,
  RETRY_AFTER_SECONDS,
  type AdmissionLimits,
} from '@cartograph/admission';
import { ShopError } from '@cartograph/errors';
import {
  boundCall,
  currentSignal,
  DEADLINE_HEADER,
  measureCall,
  RequestCancelled,
} from '@cartograph/resilience';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { FastifyRequest } from 'fastify';
import { print, type DocumentNode } from 'graphql';
import { makeCallMetric, outgoingTraceHeaders } from '@cartograph/telemetry';
import { Pool } from 'undici';
import { UNCACHED, type Caching } from '../http/caching.ts';
import { toFailure, type GraphError } from './to-failure.ts';

/** The part of a REST request that is forwarded to the graph. */
export type Caller = Pick<FastifyRequest, 'id' | 'headers' | 'ip' | 'log'>;

/** A result, and for how long it may be cached. */
export type CacheableResult<Result> = { readonly result: Result; readonly caching: Caching };

/** Calls the graph through its router, as any client does. */
export type GraphClient = {
  /**
   * Sends one operation and picks what the route needs from its data. An error is only logged when
   * the data has what is needed; when that is null, the error ends the request.
   * @throws ShopError or ProblemError of the first error; GATEWAY_TIMEOUT when there is no response in
   * time; UNAVAILABLE when there is no valid one, when the client has disconnected, and when too many
   * are in progress
   */
  readonly execute: <Data, Variables, Result>(
    caller: Caller,
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Result,
  ) => Promise<Result>;
  /** As `execute`, for responses that may be cached: returns what the router says about it, too. */
  readonly executeCacheable: <Data, Variables, Result>(
    caller: Caller,
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    pick: (data: Data) => Result,
  ) => Promise<CacheableResult<Result>>;
  /** Rejects when the router is not ready. */
  readonly checkReady: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type GraphResponse<Data> = {
  readonly data?: Data | null;
  readonly errors?: readonly GraphError[];
  readonly caching: Caching;
};

const READY_TIMEOUT_MS = 2_000;

/** The router's own answer, that a part of the shop took too long, arrives before this server gives up. */
const ANSWER_MS = 500;

/** A short timeout leaves most of its time to the work. */
const ANSWER_PART = 10;

const deadlineFor = (timeoutMs: number): number =>
  timeoutMs - Math.floor(Math.min(ANSWER_MS, timeoutMs / ANSWER_PART));

/** The operations are this server's own. */
const MAX_TOKENS = 3_000;

/** As a proxy in front of Apollo Router names the client's address. */
const CLIENT_ADDRESS_HEADER = 'x-real-ip';

/** The operations are constants: each is printed once. */
const texts = new WeakMap<DocumentNode, string>();

const textOf = (operation: DocumentNode): string => {
  const text = texts.get(operation) ?? print(operation);
  texts.set(operation, text);
  return text;
};

const isDeadline = (reason: unknown): boolean =>
  reason instanceof RequestCancelled
    ? reason.reason === 'deadline exceeded'
    : reason instanceof DOMException && reason.name === 'TimeoutError';

/**
 * The error of a request without a valid response.
 * @param end why the work on the REST request was ended; undefined when it goes on
 * @param cause why there is no response
 */
const toUnanswered = (end: unknown, cause: unknown): unknown => {
  if (end !== undefined && !isDeadline(end)) return end;
  const isLate = end !== undefined || isDeadline(cause);
  return new ShopError(isLate ? 'GATEWAY_TIMEOUT' : 'UNAVAILABLE', undefined, { cause });
};

/** Makes a client on a pool of connections. */
export const makeGraphClient = ({
  routerUrl,
  routerReadyUrl,
  routerTimeoutMs,
  admissionLimits,
}: {
  readonly routerUrl: string;
  readonly routerReadyUrl: string;
  readonly routerTimeoutMs: number;
  readonly admissionLimits: AdmissionLimits;
}): GraphClient => {
  const url = new URL(routerUrl);
  const deadline = String(deadlineFor(routerTimeoutMs));
  const pool = new Pool(url.origin, {
    // A request that stalls keeps its connection: no other waits for it.
    connections: mostConcurrent(admissionLimits),
    connect: { timeout: routerTimeoutMs },
  });

  const metric = makeCallMetric('router', url);
  const admission = makeAdmission(admissionLimits);
  const chooseLane = makeLaneChoice(MAX_TOKENS);

  const send = (caller: Caller, body: string): Promise<GraphResponse<never>> =>
    boundCall(routerTimeoutMs, ({ signal }) => sendUntil(signal, caller, body));

  const sendUntil = async (
    signal: AbortSignal,
    caller: Caller,
    body: string,
  ): Promise<GraphResponse<never>> => {
    const {
      authorization,
      'user-agent': userAgent,
      'cache-control': cacheControl,
    } = caller.headers;
    const response = await measureCall(metric, signal, () =>
      pool.request({
        path: url.pathname + url.search,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-request-id': caller.id,
          // No service needs to work on it for longer than this server waits.
          [DEADLINE_HEADER]: deadline,
          // The router sees one address for all clients of REST: this is the client's own.
          'x-forwarded-for': caller.ip,
          // The same for Apollo Router, which forwards only one header: CLIENT_ADDRESS_HEADER of the manifests.
          [CLIENT_ADDRESS_HEADER]: caller.ip,
          ...(userAgent !== undefined && { 'user-agent': userAgent }),
          ...(authorization !== undefined && { authorization }),
          // A client that asks for a current response is not answered from the router's cache.
          ...(cacheControl !== undefined && { 'cache-control': cacheControl }),
          ...outgoingTraceHeaders(),
        },
        body,
        signal,
      }),
    );
    const result = (await response.body.json()) as GraphResponse<never> | null;
    const { 'cache-control': policy = UNCACHED.cacheControl, age } = response.headers;
    const caching = {
      cacheControl: String(policy),
      ...(age !== undefined && { age: String(age) }),
    };
    if (result?.data || result?.errors?.length) return { ...result, caching };
    throw new Error(`the router answered ${response.statusCode} without data or errors`);
  };

  const executeCacheable: GraphClient['executeCacheable'] = async (
    caller,
    operation,
    variables,
    pick,
  ) => {
    const query = textOf(operation);
    const work = () =>
      send(caller, JSON.stringify({ query, variables })).catch((cause: unknown) => {
        throw toUnanswered(currentSignal()?.reason, cause);
      });
    const reject = () => {
      throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    };
    const { data, errors = [], caching } = await admission.run(chooseLane(query), work, reject);
    const [error] = errors;
    if (!data) throw toFailure(error);
    const result = pick(data);
    if (!error) return { result, caching };
    if (result === null || result === undefined) throw toFailure(error);
    caller.log.warn({ errors }, 'partial GraphQL response');
    return { result, caching: UNCACHED };
  };

  return {
    executeCacheable,
    execute: async (...request) => (await executeCacheable(...request)).result,

    checkReady: async () => {
      const response = await fetch(routerReadyUrl, {
        signal: AbortSignal.timeout(READY_TIMEOUT_MS),
      });
      await response.body?.cancel();
      if (response.status !== 200) throw new Error(`the router answered ${response.status}`);
    },

    close: () => pool.close(),
  };
};
