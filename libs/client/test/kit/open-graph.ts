import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { startHttpServer } from '@cartograph/testing';
import { makeShopClient, type ShopClient, type ShopClientOptions } from '../../src/index.ts';

/** A request as the graph received it. */
export type Received = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The text of the operation; null when only its id was sent. */
  readonly query: string | null;
  readonly id: string | null;
};

/** What the graph answers: the body as JSON, or as text; null closes the connection without a response. */
export type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
} | null;

/** A graph over HTTP whose answers a test decides. */
export type Graph = {
  /** All requests so far, the refreshes of sessions among them. */
  readonly received: readonly Received[];
  /** The names of their operations. */
  readonly names: () => readonly string[];
  /** A client of it, with waits that suit a test. */
  readonly connect: (options?: Partial<ShopClientOptions>) => ShopClient;
  readonly close: () => Promise<void>;
};

type Parameters = {
  readonly operationName?: string;
  readonly query?: string;
  readonly variables?: Record<string, unknown>;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: string } };
};

const readSearch = (url: string): Parameters => {
  const search = new URL(url, 'http://localhost').searchParams;
  const read = (name: string): unknown => {
    const value = search.get(name);
    return value !== null && /^[{[]/.test(value) ? JSON.parse(value) : (value ?? undefined);
  };
  return Object.fromEntries(
    ['operationName', 'query', 'variables', 'extensions'].map((name) => [name, read(name)]),
  );
};

/** An error as the router sends it. */
export const errorOf = (code: string, extensions: object = {}): Reply => ({
  body: { errors: [{ message: `it is ${code}`, extensions: { code, ...extensions } }] },
});

/** A result without errors. */
export const dataOf = (data: object): Reply => ({ body: { data } });

/** Starts a graph. @param answer the response to each request */
export const openGraph = async (
  answer: (request: Received) => Reply | Promise<Reply>,
): Promise<Graph> => {
  const received: Received[] = [];
  const server = await startHttpServer((request, response) => {
    void (async () => {
      const { method = '', url = '', headers } = request;
      const body = await text(request);
      const parameters = method === 'GET' ? readSearch(url) : (JSON.parse(body) as Parameters);
      const one: Received = {
        method,
        headers,
        operation: parameters.operationName ?? '',
        variables: parameters.variables ?? {},
        query: parameters.query ?? null,
        id: parameters.extensions?.persistedQuery?.sha256Hash ?? null,
      };
      received.push(one);
      const reply = await answer(one);
      if (reply === null) {
        response.destroy();
        return;
      }
      response.writeHead(reply.status ?? 200, {
        'content-type': 'application/json',
        ...reply.headers,
      });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    })();
  });
  return {
    received,
    names: () => received.map(({ operation }) => operation),
    connect: (options = {}) =>
      makeShopClient({
        url: `${server.origin}/graphql`,
        name: 'test',
        ...options,
        limits: { firstRetryWaitMs: 1, deadlineMs: 60_000, ...options.limits },
      }),
    close: server.close,
  };
};
