import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { Pool } from 'undici';
import { currentSignal, RequestCancelled } from './cancellation.ts';
import { DEADLINE_HEADER, remainingMs } from './deadline.ts';
import { LIMITS, makeGuard, type Limits } from './make-guard.ts';
import { judgeError, ServiceFailure, type AnswerError } from './service-failure.ts';

/** Calls the GraphQL of a sister service. */
export type ServiceClient = {
  /**
   * Waits no longer than `timeoutMs`, and no longer than whoever asked us waits; it is aborted with
   * the work on a request that is cancelled.
   * @param options isSafe when the operation may be repeated: then it is, where that may help
   * @throws ShopError UNAVAILABLE when the service does not answer in time, or answers with errors:
   * then nobody knows what it did. With `retryAfterSeconds` it was not asked, or wants to be left
   * alone for so long. RequestCancelled when it was aborted
   */
  readonly request: <Data, Variables>(
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    options?: { readonly isSafe?: boolean },
  ) => Promise<Data>;
  readonly close: () => Promise<void>;
};

/** Where a sister service is, who we are to it, and how long we wait, in milliseconds. */
export type ServiceClientOptions = {
  /** What the sister service is called. */
  readonly service: string;
  readonly url: string;
  readonly caller: Caller;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly limits?: Partial<Limits>;
};

type Answer<Data> = { data?: Data | null; errors?: readonly AnswerError[] } | null;

const PASSING = { countsAsFailure: true, isRetryable: true };
const REFUSED = { countsAsFailure: false, isRetryable: false };

const hasDisconnected = (signal: AbortSignal | null): boolean =>
  signal?.reason instanceof RequestCancelled && signal.reason.reason === 'client disconnected';

/** Makes a client that keeps its connections and signs each call as `caller`. */
export const makeServiceClient = (options: ServiceClientOptions): ServiceClient => {
  const url = new URL(options.url);
  const limits = { ...LIMITS, ...options.limits };
  const pool = new Pool(url.origin, {
    connections: limits.concurrent,
    connect: { timeout: options.timeoutMs },
  });
  const sign = makeCallerSigner(options.caller, options.secret);
  const guard = makeGuard(limits);
  const origin = url.origin;

  /** One try, signed anew: a signature is accepted once. */
  const post = (body: string, leftMs: number, signal: AbortSignal) =>
    pool.request({
      path: url.pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [DEADLINE_HEADER]: String(Math.max(Math.floor(leftMs), 0)),
        [CALLER_HEADER]: sign({
          audience: options.service,
          method: 'POST',
          path: url.pathname,
          body,
        }),
      },
      body,
      signal,
    });

  const attempt = async (body: string, leftMs: number, signal: AbortSignal): Promise<unknown> => {
    const start = performance.now();
    let status = 0;
    let answer: Answer<unknown>;
    try {
      const response = await post(body, leftMs, signal);
      status = response.statusCode;
      answer = (await response.body.json()) as Answer<unknown>;
    } catch (cause) {
      // Whoever waited for a moment only, or for nobody, or was sent elsewhere, can't say that it is
      // not well.
      const waited = performance.now() - start;
      const isHasty =
        signal.aborted && (hasDisconnected(currentSignal()) || waited < options.timeoutMs / 2);
      const verdict = isHasty || (status >= 300 && status < 500) ? REFUSED : PASSING;
      throw new ServiceFailure(`${origin} did not answer (status ${status})`, verdict, { cause });
    }
    const [error] = answer?.errors ?? [];
    if (error) {
      throw new ServiceFailure(
        `${origin} answered with an error: ${error.message}`,
        status === 403 ? REFUSED : judgeError(error),
      );
    }
    if (!answer?.data) throw new ServiceFailure(`${origin} answered ${status}, no data`, PASSING);
    return answer.data;
  };

  return {
    request: async <Data, Variables>(
      operation: TypedDocumentNode<Data, Variables>,
      variables: Variables,
      { isSafe = false }: { readonly isSafe?: boolean } = {},
    ): Promise<Data> => {
      const leftMs = Math.min(options.timeoutMs, remainingMs() ?? Number.POSITIVE_INFINITY);
      const cancelled = currentSignal();
      try {
        cancelled?.throwIfAborted();
        if (leftMs < 1) throw new ServiceFailure('whoever asked waits no longer', REFUSED);
        const body = JSON.stringify({ query: print(operation), variables });
        const deadline = performance.now() + leftMs;
        const timeout = AbortSignal.timeout(Math.ceil(leftMs));
        const signal = cancelled ? AbortSignal.any([timeout, cancelled]) : timeout;
        const work = () => attempt(body, deadline - performance.now(), signal);
        return (await guard.run(work, { isSafe, signal })) as Data;
      } catch (cause) {
        cancelled?.throwIfAborted();
        const retryAfterSeconds =
          cause instanceof ServiceFailure ? cause.verdict.retryAfterSeconds : undefined;
        throw new ShopError('UNAVAILABLE', undefined, {
          cause,
          ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
        });
      }
    },
    close: () => pool.close(),
  };
};
