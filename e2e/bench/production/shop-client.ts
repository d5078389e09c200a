import { type Dispatcher, Pool } from 'undici';
import type { ProductionShop } from './open-production-shop.ts';

/** A response with any status. */
export type Reply = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
};

/** How a request is sent. */
export type Sending = {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends requests to the public endpoints of a shop, over connections that are kept. */
export type ShopClient = ReturnType<typeof makeShopClient>;

/** A GraphQL response without errors, or a problem's. */
type Data = Readonly<Record<string, unknown>>;

/** Longer than the shop's own timeouts. */
const TIMEOUT_MS = 60_000;

/** Sends a request without the stream that `request` makes of each response: the client shares the CPU of the shop. */
const dispatch = (pool: Pool, options: Dispatcher.DispatchOptions): Promise<Reply> => {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const chunks: Buffer[] = [];
  let status = 0;
  let retryAfter: string | undefined;
  pool.dispatch(options, {
    onRequestStart: () => {},
    onResponseStart: (_controller, statusCode, headers) => {
      status = statusCode;
      retryAfter = [headers['retry-after']].flat()[0];
    },
    onResponseData: (_controller, chunk) => void chunks.push(chunk),
    onResponseEnd: () => resolve({ status, retryAfter, text: Buffer.concat(chunks).toString() }),
    onResponseError: (_controller, error) => reject(error),
  });
  return promise;
};

/** @param connections to each of the two endpoints, at most */
export const makeShopClient = (shop: Pick<ProductionShop, 'originOf'>, connections: number) => {
  const timeouts = { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  const pools = {
    router: new Pool(shop.originOf('router'), { connections, pipelining: 1, ...timeouts }),
    rest: new Pool(shop.originOf('rest'), { connections, pipelining: 1, ...timeouts }),
  };

  const send = (
    app: 'router' | 'rest',
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    { token, headers }: Sending = {},
  ): Promise<Reply> =>
    dispatch(pools[app], {
      method,
      path,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });

  return {
    send,

    /** Sends an operation. @throws when the response is not 200 or has errors */
    graph: async <Result extends object = Data>(
      query: string,
      variables: object,
      sending?: Sending,
    ): Promise<Result> => {
      const reply = await send('router', 'POST', '/graphql', { query, variables }, sending);
      const { data, errors } = JSON.parse(reply.text) as { data?: Result; errors?: unknown[] };
      if (reply.status === 200 && data && !errors) return data;
      throw new Error(`${query.slice(0, 60)}: ${reply.status} ${reply.text.slice(0, 300)}`);
    },

    /** Sends a request to the REST API. @throws when its status is not 2xx */
    rest: async <Result>(
      method: 'GET' | 'POST',
      path: string,
      body?: object,
      sending?: Sending,
    ): Promise<Result> => {
      const reply = await send('rest', method, path, body, sending);
      if (reply.status < 300) return JSON.parse(reply.text) as Result;
      throw new Error(`${method} ${path}: ${reply.status} ${reply.text.slice(0, 300)}`);
    },

    close: () => Promise.all([pools.router.close(), pools.rest.close()]),
  };
};

/** The result of the one mutation in `data`. @throws when it is a problem */
export const resultOf = <Result>(data: Data, type: string): Result => {
  const [result] = Object.values(data) as { __typename: string }[];
  if (result?.__typename === type) return result as Result;
  throw new Error(`expected ${type}: ${JSON.stringify(result).slice(0, 300)}`);
};
