import { ConfigError, milliseconds, timerMilliseconds } from '@cartograph/config';
import { z } from 'zod';

/** What event streams of this process may use. Times are in milliseconds. */
export type StreamLimits = {
  /** Open streams. */
  readonly max: number;
  /** Open streams of one account. */
  readonly maxPerAccount: number;
  /** How long after one read of an order the next one begins. */
  readonly pollMs: number;
  /** How often a comment is sent, so that proxies do not close a stream without events. */
  readonly heartbeatMs: number;
  /** How long a stream is open, at most. */
  readonly maxAgeMs: number;
  /** After how long a client reconnects, at least; at most twice as long. */
  readonly retryMs: number;
  /** Bytes that a client has not read yet. */
  readonly maxBufferBytes: number;
};

const count = () => z.coerce.number().int().min(1);

/** The variables of StreamLimits. */
export const streamEnv = {
  EVENT_STREAMS: count().default(100),
  EVENT_STREAMS_PER_ACCOUNT: count().default(5),
  EVENT_STREAM_POLL_MS: timerMilliseconds().default(2_000),
  EVENT_STREAM_HEARTBEAT_MS: timerMilliseconds().default(15_000),
  EVENT_STREAM_MAX_AGE_MS: timerMilliseconds().default(600_000),
  EVENT_STREAM_RETRY_MS: milliseconds().default(2_000),
  EVENT_STREAM_BUFFER_BYTES: count().default(16_384),
};

/**
 * Reads the limits of event streams.
 * @param idleTimeoutMs how long a connection may be idle
 * @throws ConfigError when a stream without events would be closed as idle
 */
export const readStreamLimits = (
  env: z.infer<z.ZodObject<typeof streamEnv>>,
  idleTimeoutMs: number,
): StreamLimits => {
  if (env.EVENT_STREAM_HEARTBEAT_MS >= idleTimeoutMs) {
    throw new ConfigError(['EVENT_STREAM_HEARTBEAT_MS: is not shorter than HTTP_IDLE_TIMEOUT_MS']);
  }
  return {
    max: env.EVENT_STREAMS,
    maxPerAccount: env.EVENT_STREAMS_PER_ACCOUNT,
    pollMs: env.EVENT_STREAM_POLL_MS,
    heartbeatMs: env.EVENT_STREAM_HEARTBEAT_MS,
    maxAgeMs: env.EVENT_STREAM_MAX_AGE_MS,
    retryMs: env.EVENT_STREAM_RETRY_MS,
    maxBufferBytes: env.EVENT_STREAM_BUFFER_BYTES,
  };
};
