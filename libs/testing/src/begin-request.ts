import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Caller } from '@cartograph/auth';
import type { FastifyInstance } from 'fastify';
import { signRequest, type SubgraphResponse } from './subgraph-caller.ts';

/** A request in progress, over a connection of its own. */
export type BegunRequest = {
  /** Null when the connection is closed before the response. */
  readonly response: Promise<Pick<SubgraphResponse, 'data' | 'errors'> | null>;
  readonly disconnect: () => void;
};

const portOf = async (app: FastifyInstance): Promise<number> => {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
};

/**
 * Sends a query to a subgraph over HTTP, signed, so that a test can disconnect before the response.
 * @param headers of the test's own, such as `authorization`
 */
export const beginRequest = async (
  app: FastifyInstance,
  query: string,
  {
    variables = {},
    headers = {},
    caller = 'router',
  }: { variables?: object; headers?: Readonly<Record<string, string>>; caller?: Caller } = {},
): Promise<BegunRequest> => {
  const port = await portOf(app);
  const signed = signRequest(app.subgraphName, { query, variables }, caller);
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<BegunRequest['response']>>();
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/graphql',
    agent: false,
    headers: { ...signed.headers, ...headers },
  });
  sent.on('error', () => resolve(null));
  sent.on('response', (response) => {
    text(response).then((content) => {
      const { data, errors = [] } = JSON.parse(content) as {
        data?: unknown;
        errors?: SubgraphResponse['errors'];
      };
      resolve({ data, errors });
    }, reject);
  });
  sent.end(signed.body);
  return { response: promise, disconnect: () => void sent.destroy() };
};
