import { errorCodes, type FastifyInstance } from 'fastify';

/**
 * Chunks of one body (RFC 9112, section 7.1). Each costs some microseconds, however small: 1 MiB in
 * chunks of one byte took 0.3 s. An encoder that writes each token of the longest order as a chunk of its own
 * makes 2,000; a stream from a file or a socket has one for each 16 KiB or more.
 */
const MAX_CHUNKS = 5_000;

/** Methods whose body is not read: Node discards it after the response. */
export const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Rejects a body of very many chunks as too large, and closes its connection, so that the rest of it
 * is not read. A body that is not read ends with the connection, too.
 */
export const limitChunks = (app: FastifyInstance): void => {
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.headers['transfer-encoding'] === undefined) {
      done(null, payload);
      return;
    }
    if (WITHOUT_BODY.has(request.method)) {
      reply.header('connection', 'close');
      done(null, payload);
      return;
    }
    let chunks = 0;
    const count = (): void => {
      chunks += 1;
      if (chunks <= MAX_CHUNKS) return;
      payload.off('data', count);
      request.raw.socket.pause();
      reply.header('connection', 'close');
      const error = new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
      // When the route or the content type was rejected, no listener reads the body.
      if (payload.listenerCount('error') > 0) payload.emit('error', error);
      else request.raw.destroy();
    };
    payload.on('data', count);
    done(null, payload);
  });
};
