import { Readable, type Writable } from 'node:stream';
import type { StreamLimits } from './stream-limits.ts';

/** An event as the HTML standard has it (section 9.2, server-sent events). */
export type StreamEvent = {
  /** What the client sends as `Last-Event-ID` when it reconnects. */
  readonly id: string;
  readonly event: string;
  /** Sent as JSON. */
  readonly data: object;
};

/** Why a stream ended. */
export type StreamEnd =
  'DISCONNECTED' | 'FAILED' | 'FINAL' | 'MAX_AGE' | 'REFUSED' | 'SHUTDOWN' | 'SLOW_READER';

/** The reason of the signal of a stream that ended. */
export class StreamEnded extends Error {
  readonly reason: StreamEnd;

  constructor(reason: StreamEnd) {
    super(`the event stream ended: ${reason}`);
    this.reason = reason;
  }
}

/** The body of a response that sends events until it is ended. */
export type EventStream = {
  readonly body: Readable;
  /** Does nothing when the stream has ended. */
  readonly send: (event: StreamEvent) => void;
  /** Ends the response; the first reason counts. */
  readonly end: (reason: StreamEnd) => void;
  /** Aborted with a StreamEnded when the stream ends for any reason. */
  readonly signal: AbortSignal;
};

/** The `event`, the `id` and the `data` of one line each: JSON text has no line breaks. */
const formatEvent = ({ id, event, data }: StreamEvent): string =>
  `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** A comment, which clients ignore. */
const HEARTBEAT = ':\n\n';

/** How long a client has to receive the end of a stream before it is disconnected. */
const END_TIMEOUT_MS = 1_000;

/**
 * Makes an event stream. It tells the client first when to reconnect, so that clients do so after any end,
 * also when this process is killed; each gets another time, so that they do not all reconnect at once.
 * A client that does not read is disconnected when more than `maxBufferBytes` wait for it.
 * @param response what the body is written to
 */
export const makeEventStream = (
  limits: Pick<StreamLimits, 'heartbeatMs' | 'maxAgeMs' | 'maxBufferBytes' | 'retryMs'>,
  response: Writable,
): EventStream => {
  const ended = new AbortController();
  // Filled by `write` alone.
  const body = new Readable({ read: () => {} });

  const end = (reason: StreamEnd): void => {
    if (ended.signal.aborted) return;
    clearInterval(heartbeat);
    clearTimeout(maxAge);
    ended.abort(new StreamEnded(reason));
    if (reason === 'SLOW_READER') response.destroy();
    if (reason === 'SLOW_READER' || reason === 'DISCONNECTED') return void body.destroy();
    body.push(null);
    // A client that does not read would delay the end of this process.
    const timer = setTimeout(() => response.destroy(), END_TIMEOUT_MS).unref();
    response.once('close', () => clearTimeout(timer));
  };

  const write = (text: string): void => {
    if (ended.signal.aborted) return;
    body.push(text);
    const waiting = body.readableLength + response.writableLength;
    if (waiting > limits.maxBufferBytes) end('SLOW_READER');
  };

  const heartbeat = setInterval(() => write(HEARTBEAT), limits.heartbeatMs);
  const maxAge = setTimeout(() => end('MAX_AGE'), limits.maxAgeMs);
  body.once('close', () => end('DISCONNECTED'));
  const retryMs = Math.round(limits.retryMs * (1 + Math.random()));
  write(`retry: ${retryMs}\n\n`);

  return { body, send: (event) => write(formatEvent(event)), end, signal: ended.signal };
};
