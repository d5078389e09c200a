import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const CLOSE_EVERY_MS = 50;

/** A connection without a byte after this time, in milliseconds, has no request on its way. */
const UNUSED_AFTER_MS = 1_000;

/**
 * Closes connections without a request while the server closes. Fastify ends those that are idle when it begins to
 * close. One with a request in progress becomes idle later; a caller's pool would keep it, and this
 * process, for more than a minute. So would a connection that a client opened in advance: to Node, one
 * that never had a request is not idle.
 */
export const closeConnections = (app: FastifyInstance): void => {
  const openedAt = new Map<Socket, number>();
  app.server.on('connection', (socket: Socket) => {
    openedAt.set(socket, performance.now());
    socket.once('close', () => openedAt.delete(socket));
  });

  const closeUnused = (): void => {
    if (!app.server.listening && openedAt.size === 0) clearInterval(timer);
    app.server.closeIdleConnections();
    const latest = performance.now() - UNUSED_AFTER_MS;
    for (const [socket, time] of openedAt) {
      if (socket.bytesRead === 0 && time <= latest) socket.destroy();
    }
  };

  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setInterval(closeUnused, CLOSE_EVERY_MS).unref();
  });
};
