import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import { makeCallMetric, outgoingTraceHeaders } from '@cartograph/telemetry';
import { Pool, type Dispatcher } from 'undici';
import type { CallBounds } from './bound-call.ts';
import { measureCall } from './measure-call.ts';
import { DEADLINE_HEADER } from './request-bounds.ts';

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
  const url = new URL(options.url);
  const { origin, pathname: path } = url;
  const pool = new Pool(origin, options.pool);
  const metric = makeCallMetric(options.service, url);
  const sign = makeCallerSigner(options.caller, options.secret);
  const maxRequests = options.pool.connections * (1 + MAX_WAITING_PER_CONNECTION);
  let requests = 0;

  return {
    post: async (body, { leftMs, signal }, headers = {}) => {
      if (requests >= maxRequests) {
        throw new ShopError('UNAVAILABLE', undefined, { retryAfterSeconds: 1 });
      }
      requests += 1;
      const sent = measureCall(metric, signal, () =>
        pool.request({
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
        }),
      );
      return sent.finally(() => {
        requests -= 1;
      });
    },
    close: () => pool.close(),
  };
};
