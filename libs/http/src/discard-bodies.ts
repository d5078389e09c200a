import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { WITHOUT_BODY } from './limit-chunks.ts';

/** Of a refused body, this much is read and discarded; what is larger loses its connection. */
const MAX_DISCARDED_BYTES = 8 * 1024 * 1024;

const discard = ({ promise, resolve }: PromiseWithResolvers<void>, body: IncomingMessage): void => {
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MAX_DISCARDED_BYTES) resolve();
  };
  body.on('data', count).once('end', resolve).once('close', resolve).once('error', resolve);
  void promise.then(() => body.off('data', count));
  body.resume();
};

/**
 * Reads and discards the rest of a body before the response that closes its connection. A connection that is
 * closed with unread bytes is reset (RFC 9112, section 9.6), and a client that writes all of its body before
 * it reads would never see why. What `limitChunks` has paused is not read.
 */
export const discardBodies = (app: FastifyInstance): void => {
  app.addHook('onSend', async ({ method, raw }, reply) => {
    if (reply.getHeader('connection') !== 'close' || WITHOUT_BODY.has(method)) return;
    // A request of `inject` has no connection.
    const isOpen = raw.socket instanceof Socket && !raw.socket.isPaused();
    if (!isOpen || raw.complete || raw.destroyed) return;
    const discarded = Promise.withResolvers<void>();
    discard(discarded, raw);
    await discarded.promise;
  });
};
