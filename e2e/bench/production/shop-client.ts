import { Pool } from 'undici';
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
  readonly signal?: AbortSignal;
};

/** Sends requests to the public endpoints of a shop, over connections that are kept. */
export type ShopClient = ReturnType<typeof makeShopClient>;

/** A GraphQL response without errors, or a problem's. */
type Data = Readonly<Record<string, unknown>>;

/** @param connections to each of the two endpoints, at most */
export const makeShopClient = (shop: Pick<ProductionShop, 'originOf'>, connections: number) => {
  const pools = {
    router: new Pool(shop.originOf('router'), { connections, pipelining: 1 }),
    rest: new Pool(shop.originOf('rest'), { connections, pipelining: 1 }),
  };

  const send = async (
    app: 'router' | 'rest',
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    { token, headers, signal }: Sending = {},
  ): Promise<Reply> => {
    const response = await pools[app].request({
      method,
      path,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const retryAfter = response.headers['retry-after'];
    return {
      status: response.statusCode,
      retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      text: await response.body.text(),
    };
  };

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
