import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';

/** Starts an HTTP server on a free port. */
export const startHttpStub = async (
  handle: (request: {
    path: string;
    method: string;
    body: string;
    headers: Readonly<Record<string, string | string[] | undefined>>;
  }) => Promise<{ status: number; body?: string } | 'hang up'>,
) => {
  const server = createServer((request, response) => {
    const respond = async () => {
      const { url: path = '', method = '', headers } = request;
      const result = await handle({ path, method, headers, body: await text(request) });
      if (result === 'hang up') response.destroy();
      else {
        response.writeHead(result.status, { 'content-type': 'application/json' });
        response.end(result.body ?? '{}');
      }
    };
    respond().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Starts a stub of the order service, which records the notifications. */
export const startOrderStub = async () => {
  const notified: string[] = [];
  const verifyCaller = makeCallerVerifier({ payment: TEST_SECRET });
  let isFailing = false;
  const server = await startHttpStub(async ({ path, method, body, headers }) => {
    const header = headers[CALLER_HEADER];
    const signed = { audience: 'order', method, path, body };
    if (isFailing) return 'hang up';
    if (verifyCaller(typeof header === 'string' ? header : undefined, signed) !== 'payment') {
      return { status: 403 };
    }
    const { variables } = JSON.parse(body) as { variables: { orderId: string } };
    notified.push(variables.orderId);
    const data = { paymentDecided: { id: variables.orderId } };
    return { status: 200, body: JSON.stringify({ data }) };
  });
  return {
    ...server,
    url: `${server.url}/graphql`,
    notified,
    fail: () => void (isFailing = true),
    recover: () => void (isFailing = false),
  };
};
