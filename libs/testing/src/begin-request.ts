import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CALLER_HEADER, makeCallerSigner, type Caller } from '@cartograph/auth';
import type { FastifyInstance } from 'fastify';
import { TEST_SECRET, type Answer } from './subgraph-caller.ts';

/** A request that is under way, over a connection of its own. */
export type BegunRequest = {
  /** What was answered; null when the connection was closed before. */
  readonly answer: Promise<Pick<Answer, 'data' | 'errors'> | null>;
  readonly disconnect: () => void;
};

const portOf = async (app: FastifyInstance): Promise<number> => {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
};

/**
 * Sends a query to a subgraph over HTTP, signed, so that a test can disconnect before the answer.
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
  const body = JSON.stringify({ query, variables });
  const sign = makeCallerSigner(caller, TEST_SECRET);
  const signed = { audience: app.subgraphName, method: 'POST', path: '/graphql', body };
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<BegunRequest['answer']>>();
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/graphql',
    agent: false,
    headers: { 'content-type': 'application/json', [CALLER_HEADER]: sign(signed), ...headers },
  });
  sent.on('error', () => resolve(null));
  sent.on('response', (response) => {
    text(response).then((answer) => {
      const { data, errors = [] } = JSON.parse(answer) as { data?: unknown; errors?: [] };
      resolve({ data, errors });
    }, reject);
  });
  sent.end(body);
  return { answer: promise, disconnect: () => void sent.destroy() };
};
