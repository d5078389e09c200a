import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What may go wrong with a call on its way: the caller then hears nothing of it. */
export type CallWatch = {
  /** Before the call is forwarded. @returns whether its connection is cut */
  readonly before: (operation: string) => { readonly place: string; readonly isCut: boolean };
  /** After the callee has answered. @returns whether the answer is lost */
  readonly after: (place: string) => boolean;
};

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

const forward = async (
  url: string,
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> => {
  const outgoing = send(url, { method, headers, agent: false });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return {
    status: incoming.statusCode ?? 502,
    headers: incoming.headers,
    body: await buffer(incoming),
  };
};

/** What a call is about: the name of its GraphQL operation, or the type of the event it tells. */
const nameOperation = (body: Buffer): string => {
  const text = body.toString('utf8');
  const [, name] = /\b(?:query|mutation)\s+(\w+)/.exec(text) ?? [];
  return name ?? /"type":"([\w.]+)"/.exec(text)?.[1] ?? 'call';
};

/** Stands between one process and another that it calls. Paths are handed through. */
export const startHttpProxy = async (targetOrigin: string, watch: CallWatch) => {
  const server = createServer((incoming, response) => {
    const hangUp = (): void => void response.destroy();
    const serve = async (): Promise<void> => {
      const body = await buffer(incoming);
      const { place, isCut } = watch.before(nameOperation(body));
      if (isCut) return hangUp();
      const { method = 'POST', url = '/', headers } = incoming;
      const answer = await forward(`${targetOrigin}${url}`, method, headers, body);
      if (watch.after(place)) return hangUp();
      const { connection: _, 'transfer-encoding': __, ...kept } = answer.headers;
      response.writeHead(answer.status, { ...kept, 'content-length': answer.body.length });
      response.end(answer.body);
    };
    serve().catch(hangUp);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
