import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Sockets that listen on the port of a process. */
const LISTENERS = 16;

/** While a process drains, connections become idle one after the other. */
const CLOSE_IDLE_EVERY_MS = 50;

/** Where Node knows SO_REUSEPORT, and the kernel shares connections out. Elsewhere one socket listens. */
const CAN_SHARE_PORT = process.platform === 'linux';

type Place = { readonly host: string; readonly port: number };

const listen = async (server: Server, place: Place & { reusePort?: boolean }): Promise<void> => {
  server.listen(place);
  await once(server, 'listening'); // It rejects with the event `error`.
};

/** Fails as a lone socket would when another process has the port, also when that one shares it. */
const checkPort = async (place: Place): Promise<void> => {
  const server = createServer();
  await listen(server, place);
  server.close();
  await once(server, 'close');
};

/**
 * Prepares an app to listen by several sockets on one port. libuv accepts one connection per socket and
 * turn of the event loop: with one socket, a process whose turns take 50 ms accepts 20 connections per
 * second. Clients that are not connected yet then wait for seconds, while others are answered, or
 * rejected, at once. Call it before the app is ready.
 * @returns listens; it throws the errors of `listen`
 */
export const prepareListeners = (app: FastifyInstance): ((place: Place) => Promise<void>) => {
  const more: Server[] = [];
  const closed: Promise<unknown>[] = [];
  let connections = 0;

  // A connection of any socket; `maxConnections` of the server counts those of its own socket.
  app.server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
    if (connections > app.server.maxConnections) socket.destroy();
  });
  app.addHook('preClose', async () => {
    for (const server of more) server.close();
    const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    void Promise.all(closed).then(() => clearInterval(timer));
  });
  app.addHook('onClose', async () => void (await Promise.all(closed)));

  const open = async (place: Place): Promise<void> => {
    // As the server of node:http makes its connections.
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      app.server.emit('connection', socket),
    );
    await listen(server, { ...place, reusePort: true });
    more.push(server);
    closed.push(once(server, 'close'));
  };

  return async ({ host, port }) => {
    if (!CAN_SHARE_PORT) {
      await app.listen({ host, port });
      return;
    }
    if (port !== 0) await checkPort({ host, port });
    // An option of Node's, which Fastify hands on.
    const shared = { host, port, reusePort: true };
    await app.listen(shared);
    const address = app.server.address();
    const own = typeof address === 'object' && address ? address.port : port;
    while (more.length < LISTENERS - 1) await open({ host, port: own });
  };
};
