import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** What was received over a connection until it was closed. */
export type RawResponse = {
  /** 0 when the connection was closed without a response. */
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const parseResponse = (text: string): RawResponse => {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(first.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
};

/** A server that does not close the connection in time fails the test. */
const TIMEOUT_MS = 60_000;

/** Resolves when a connection is closed, also by a reset: events.once would throw that. */
const untilClosed = (socket: net.Socket): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    reject(new Error(`the server did not close the connection within ${TIMEOUT_MS} ms`));
    socket.destroy();
  }, TIMEOUT_MS);
  socket.on('error', () => {});
  socket.once('close', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
};

const connect = async (app: FastifyInstance) => {
  const { port } = app.server.address() as net.AddressInfo;
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const closed = untilClosed(socket);
  await once(socket, 'connect');
  return { socket, closed, read: () => parseResponse(text) };
};

/**
 * Sends exactly these bytes to a server that listens, and reads until the server closes the
 * connection. A complete request needs `Connection: close`.
 */
export const sendRaw = async (
  app: FastifyInstance,
  ...parts: (string | Uint8Array)[]
): Promise<RawResponse> => {
  const { socket, closed, read } = await connect(app);
  for (const part of parts) socket.write(part);
  await closed;
  return read();
};

/**
 * Sends a beginning, and then a byte every 50 ms until the server closes the connection.
 */
export const sendSlowly = async (
  app: FastifyInstance,
  beginning: string,
  byte: string,
): Promise<RawResponse> => {
  const { socket, closed, read } = await connect(app);
  socket.write(beginning);
  let isOpen = true;
  const ended = closed.finally(() => {
    isOpen = false;
  });
  const trickle = async (): Promise<void> => {
    while (isOpen) {
      if (socket.writable) socket.write(byte);
      await sleep(50);
    }
  };
  await Promise.all([ended, trickle()]);
  return read();
};
