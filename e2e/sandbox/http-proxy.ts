import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startHttpServer } from '@cartograph/testing';

/** What happens to a call that passes a proxy. */
export type CallHook = {
  /** Says that the caller loses the connection, and when the call is forwarded, if it is. */
  readonly findDelay?: (operation: string) => Promise<'forwarded'> | 'lost' | null;
  /** Before the call is forwarded. @returns the name of the place; null closes the connection */
  readonly before: (operation: string) => string | null;
  /** When the callee has responded. @returns whether the response is lost */
  readonly after: (place: string) => boolean;
};

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;

/** The name of the GraphQL operation, the type of the event that is sent, or else the route. */
const nameOperation = ({ method, url = '' }: IncomingMessage, body: Buffer): string => {
  const text = body.toString('utf8');
  const [, name] = /\b(?:query|mutation)\s+(\w+)/.exec(text) ?? [];
  const [route = ''] = url.split('?');
  return (
    name ?? /"type":"([\w.]+)"/.exec(text)?.[1] ?? `${method} ${route.replaceAll(UUID, ':id')}`
  );
};

/** Forwards requests to the target, with the same paths. */
export const startHttpProxy = (targetOrigin: string, hook: CallHook) =>
  startHttpServer((incoming, response) => {
    const forward = async (): Promise<void> => {
      const body = await buffer(incoming);
      const operation = nameOperation(incoming, body);
      const delay = hook.findDelay?.(operation) ?? null;
      if (delay !== null) response.destroy();
      if ((await delay) === 'lost') return;
      const place = hook.before(operation);
      if (place === null) return void response.destroy();
      const { method, url, headers } = incoming;
      const outgoing = request(`${targetOrigin}${url}`, { method, headers, agent: false });
      outgoing.end(body);
      const [result] = (await once(outgoing, 'response')) as [IncomingMessage];
      const content = await buffer(result);
      if (hook.after(place) || response.destroyed) return void response.destroy();
      const { connection: _, 'transfer-encoding': __, ...others } = result.headers;
      response.writeHead(result.statusCode ?? 502, {
        ...others,
        'content-length': content.length,
      });
      response.end(content);
    };
    forward().catch(() => response.destroy());
  });
