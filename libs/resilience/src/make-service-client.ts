import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import { ShopError } from '@cartograph/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { Pool } from 'undici';

/** Calls the GraphQL of a sister service. */
export type ServiceClient = {
  /**
   * @throws ShopError UNAVAILABLE when the service does not answer in time, or answers with errors:
   * then nobody knows what it did, so the operation must be safe to repeat
   */
  readonly request: <Data, Variables>(
    operation: TypedDocumentNode<Data, Variables>,
    variables: Variables,
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
};

type Answer<Data> = { data?: Data | null; errors?: readonly { message: string }[] };

/** Makes a client that keeps its connections and signs each call as `caller`. */
export const makeServiceClient = (options: ServiceClientOptions): ServiceClient => {
  const url = new URL(options.url);
  const pool = new Pool(url.origin, { connections: 32, connect: { timeout: options.timeoutMs } });
  const sign = makeCallerSigner(options.caller, options.secret);
  return {
    request: async (operation, variables) => {
      const body = JSON.stringify({ query: print(operation), variables });
      try {
        const response = await pool.request({
          path: url.pathname,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            [CALLER_HEADER]: sign({
              audience: options.service,
              method: 'POST',
              path: url.pathname,
              body,
            }),
          },
          body,
          signal: AbortSignal.timeout(options.timeoutMs),
        });
        const answer = (await response.body.json()) as Answer<never>;
        const [error] = answer.errors ?? [];
        if (error) throw new Error(`${url.origin} answered with an error: ${error.message}`);
        if (!answer.data) throw new Error(`${url.origin} answered ${response.statusCode}, no data`);
        return answer.data;
      } catch (cause) {
        throw new ShopError('UNAVAILABLE', undefined, { cause });
      }
    },
    close: () => pool.close(),
  };
};
