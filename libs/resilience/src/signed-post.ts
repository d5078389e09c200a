import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { outgoingTraceHeaders } from '@cartograph/telemetry';
import { Pool, type Dispatcher } from 'undici';
import { currentSignal, DEADLINE_HEADER, remainingMs } from './request-bounds.ts';

/** The time that is left for a call, and the signal that ends it. */
export type CallBounds = { readonly leftMs: number; readonly signal: AbortSignal };

/**
 * Runs a call that ends after its timeout, at the deadline of the current request, and when that is
 * cancelled. The signal is for the call alone: it is not aborted after `call` has ended.
 * @throws RequestCancelled when the current request was cancelled before
 */
export const boundCall = async <Result>(
  timeoutMs: number,
  call: (bounds: CallBounds) => Promise<Result>,
): Promise<Result> => {
  const cancelled = currentSignal();
  cancelled?.throwIfAborted();
  const requestMs = remainingMs() ?? Number.POSITIVE_INFINITY;
  // The request itself is cancelled before this call would be: one timer is enough for both.
  if (cancelled && requestMs <= timeoutMs) return call({ leftMs: requestMs, signal: cancelled });
  const leftMs = Math.min(timeoutMs, requestMs);
  const ending = new AbortController();
  const timeOut = () => ending.abort(new DOMException('the call timed out', 'TimeoutError'));
  const cancel = () => ending.abort(cancelled?.reason);
  const timer = setTimeout(timeOut, Math.max(Math.ceil(leftMs), 0));
  cancelled?.addEventListener('abort', cancel, { once: true });
  try {
    return await call({ leftMs, signal: ending.signal });
  } finally {
    // A timer per call that nobody clears costs as much as a part of the call when it fires.
    clearTimeout(timer);
    cancelled?.removeEventListener('abort', cancel);
  }
};

/** Requests that wait for a connection, for each connection. Further ones fail at once. */
const MAX_WAITING_PER_CONNECTION = 16;

/** Sends signed GraphQL requests to one service. */
export type SignedPost = {
  /**
   * Signs the body anew each time: a signature is accepted once.
   * @throws ShopError UNAVAILABLE with `retryAfterSeconds`, at once, when too many requests wait
   */
  readonly post: (
    body: string,
    bounds: CallBounds,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Dispatcher.ResponseData>;
  readonly close: () => Promise<void>;
};

/**
 * Makes the connections to a service.
 * @param options.service its name, which the signature is for
 */
export const makeSignedPost = (options: {
  readonly service: string;
  readonly url: string;
  readonly caller: Caller;
  readonly secret: string;
  readonly pool: Pool.Options & { readonly connections: number };
}): SignedPost => {
  const { origin, pathname: path } = new URL(options.url);
  const pool = new Pool(origin, options.pool);
  const sign = makeCallerSigner(options.caller, options.secret);
  const maxRequests = options.pool.connections * (1 + MAX_WAITING_PER_CONNECTION);
  let requests = 0;

  return {
    post: async (body, { leftMs, signal }, headers = {}) => {
      if (requests >= maxRequests) {
        throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 1 });
      }
      requests += 1;
      const sent = pool.request({
        path,
        method: 'POST',
        headers: {
          ...headers,
          ...outgoingTraceHeaders(),
          'content-type': 'application/json',
          [DEADLINE_HEADER]: String(Math.max(Math.floor(leftMs), 0)),
          [CALLER_HEADER]: sign({ audience: options.service, method: 'POST', path, body }),
        },
        body,
        signal,
      });
      return sent.finally(() => {
        requests -= 1;
      });
    },
    close: () => pool.close(),
  };
};
