import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { readEvents, type ReceivedEvent } from './read-events.ts';

/** A response that is read while it is sent. */
export type OpenedStream = {
  readonly status: number;
  readonly headers: Headers;
  /** What was received so far. */
  readonly text: () => string;
  readonly events: () => readonly ReceivedEvent[];
  /** Resolves at the end of the response, and rejects when the connection is closed before it. */
  readonly ended: Promise<void>;
  readonly disconnect: () => void;
};

/** Sends a request to a server that listens, and reads its response. */
export const openStream = async (
  app: FastifyInstance,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenedStream> => {
  const { port } = app.server.address() as AddressInfo;
  const client = new AbortController();
  const url = `http://127.0.0.1:${port}${path}`;
  const response = await fetch(url, { headers, signal: client.signal });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true });
  };
  const ended = read();
  // A test that disconnects does not wait for it.
  ended.catch(() => {});
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    events: () => readEvents(text),
    ended,
    disconnect: () => client.abort(),
  };
};
