import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CALLER_HEADER, makeCallerVerifier } from '@cartograph/auth';
import { TEST_SECRET } from '@cartograph/testing';

/** An HTTP server on a free port, for as long as a test runs. */
export const serve = async (
  answer: (request: {
    path: string;
    method: string;
    body: string;
    headers: Readonly<Record<string, string | string[] | undefined>>;
  }) => Promise<{ status: number; body?: string } | 'hang up'>,
) => {
  const server = createServer((request, response) => {
    const respond = async () => {
      const { url: path = '', method = '', headers } = request;
      const answered = await answer({ path, method, headers, body: await text(request) });
      if (answered === 'hang up') response.destroy();
      else {
        response.writeHead(answered.status, { 'content-type': 'application/json' });
        response.end(answered.body ?? '{}');
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

/** The order service as far as payments can tell: it notes which orders it was told of. */
export const serveOrders = async () => {
  const told: string[] = [];
  const verifyCaller = makeCallerVerifier({ payment: TEST_SECRET });
  let isAway = false;
  const server = await serve(async ({ path, method, body, headers }) => {
    const header = headers[CALLER_HEADER];
    const signed = { audience: 'order', method, path, body };
    if (isAway) return 'hang up';
    if (verifyCaller(typeof header === 'string' ? header : undefined, signed) !== 'payment') {
      return { status: 403 };
    }
    const { variables } = JSON.parse(body) as { variables: { orderId: string } };
    told.push(variables.orderId);
    const data = { paymentDecided: { id: variables.orderId } };
    return { status: 200, body: JSON.stringify({ data }) };
  });
  return {
    ...server,
    url: `${server.url}/graphql`,
    told,
    breakDown: () => void (isAway = true),
    mend: () => void (isAway = false),
  };
};
