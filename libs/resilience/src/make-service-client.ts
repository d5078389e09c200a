import type { Caller } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print, type DocumentNode } from 'graphql';
import { boundCall, type CallBounds } from './bound-call.ts';
import { CALL_LIMITS, makeCallPolicy, type CallLimits } from './make-call-policy.ts';
import { currentSignal, RequestCancelled } from './request-bounds.ts';
import { ServiceFailure, verdictOf, type ResponseError } from './service-failure.ts';
import { makeSignedPost } from './signed-post.ts';

/** Calls the GraphQL API of a peer service. */
export type ServiceClient = {
  /**
   * Waits at most `timeoutMs`, and never past the deadline of the current request; cancelled with it.
   * @param options isSafe when the operation may be repeated: then it is retried after some failures
   * @throws ShopError UNAVAILABLE when the service does not respond in time, or responds with errors:
   * the operation may have been executed. With `retryAfterSeconds` it was not. RequestCancelled when
   * the current request was cancelled
   */
  readonly request: <Data, Variables>(
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    options?: { readonly isSafe?: boolean },
  ) => Promise<Data>;
  readonly close: () => Promise<void>;
};

/** How a peer service is called. */
export type ServiceClientOptions = {
  /** The name of the peer service, which the signature is for. */
  readonly service: string;
  readonly url: string;
  readonly caller: Caller;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly limits?: Partial<CallLimits>;
};

type ResponseBody = { data?: unknown; errors?: readonly ResponseError[] } | null;

/** The texts of operations, which are constants of their callers. */
const texts = new WeakMap<object, string>();

const textOf = (operation: DocumentNode): string => {
  const known = texts.get(operation);
  if (known !== undefined) return known;
  const text = print(operation);
  texts.set(operation, text);
  return text;
};

const SERVICE_FAULT = { countsAsFailure: true, isRetryable: true };
const NO_SERVICE_FAULT = { countsAsFailure: false, isRetryable: false };

const CUT_SHORT = { ...NO_SERVICE_FAULT, wasCutShort: true };

const hasDisconnected = (signal: AbortSignal | null): boolean =>
  signal?.reason instanceof RequestCancelled && signal.reason.reason === 'client disconnected';

/** Makes a client that reuses connections and signs each call as `caller`. */
export const makeServiceClient = (options: ServiceClientOptions): ServiceClient => {
  const { origin } = new URL(options.url);
  const limits = { ...CALL_LIMITS, ...options.limits };
  const service = makeSignedPost({
    ...options,
    pool: { connections: limits.concurrent, connect: { timeout: options.timeoutMs } },
  });
  const policy = makeCallPolicy(limits, options.service);

  const attempt = async (body: string, bounds: CallBounds): Promise<unknown> => {
    const { signal } = bounds;
    const start = performance.now();
    let status = 0;
    let result: ResponseBody;
    try {
      const response = await service.post(body, bounds);
      status = response.statusCode;
      result = (await response.body.json()) as ResponseBody;
    } catch (cause) {
      // An attempt that was cut short, or refused or redirected, is no evidence against the service;
      // the former is none for it, either.
      const waited = performance.now() - start;
      const wasCutShort =
        signal.aborted && (hasDisconnected(currentSignal()) || waited < options.timeoutMs / 2);
      const ended = status >= 300 && status < 500 ? NO_SERVICE_FAULT : SERVICE_FAULT;
      const verdict = wasCutShort ? CUT_SHORT : ended;
      throw new ServiceFailure(`${origin} did not respond (status ${status})`, verdict, { cause });
    }
    const [error] = result?.errors ?? [];
    if (error) {
      throw new ServiceFailure(
        `${origin} responded with an error: ${error.message}`,
        status === 403 ? NO_SERVICE_FAULT : verdictOf(error),
      );
    }
    if (!result?.data)
      throw new ServiceFailure(`${origin} sent no data (${status})`, SERVICE_FAULT);
    return result.data;
  };

  return {
    request: async <Data, Variables>(
      operation: TypedDocumentNode<Data, Variables>,
      variables: Variables,
      { isSafe = false }: { readonly isSafe?: boolean } = {},
    ): Promise<Data> => {
      const cancelled = currentSignal();
      try {
        return await boundCall(options.timeoutMs, async ({ leftMs, signal }) => {
          if (leftMs < 1) throw new ServiceFailure('deadline exceeded', NO_SERVICE_FAULT);
          const body = JSON.stringify({ query: textOf(operation), variables });
          const deadline = performance.now() + leftMs;
          const work = () => attempt(body, { leftMs: deadline - performance.now(), signal });
          return (await policy.run(work, { isSafe, signal })) as Data;
        });
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
    close: () => {
      policy.close();
      return service.close();
    },
  };
};
