import { z } from 'zod';
import { timerMilliseconds } from './fields.ts';
import { ConfigError } from './parse-env.ts';

/** What a client may use of a server's connections and memory before its request is read. */
export type HttpLimits = {
  /** How long the headers of a request may take to arrive, in milliseconds. */
  readonly headersTimeoutMs: number;
  /** How long a whole request may take to arrive, headers and body, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long a connection may be kept without a request, in milliseconds. */
  readonly keepAliveMs: number;
  /** How long a connection with a request may be idle, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Bytes of the request line and all headers. */
  readonly maxHeaderBytes: number;
  /** Header lines of a request. */
  readonly maxHeaders: number;
  /** Open connections. More are closed unread. */
  readonly maxConnections: number;
};

/** The limits by default. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  // Longer than load balancers keep idle connections, so that the server never closes first.
  keepAliveMs: 72_000,
  idleTimeoutMs: 60_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnections: 10_000,
};

const count = () => z.coerce.number().int().min(1);

/** The variables of HttpLimits. */
export const httpLimitsEnv = {
  HTTP_HEADERS_TIMEOUT_MS: timerMilliseconds().default(DEFAULT_HTTP_LIMITS.headersTimeoutMs),
  HTTP_REQUEST_TIMEOUT_MS: timerMilliseconds().default(DEFAULT_HTTP_LIMITS.requestTimeoutMs),
  HTTP_KEEP_ALIVE_MS: timerMilliseconds().default(DEFAULT_HTTP_LIMITS.keepAliveMs),
  HTTP_IDLE_TIMEOUT_MS: timerMilliseconds().default(DEFAULT_HTTP_LIMITS.idleTimeoutMs),
  HTTP_MAX_HEADER_BYTES: count().default(DEFAULT_HTTP_LIMITS.maxHeaderBytes),
  HTTP_MAX_HEADERS: count().default(DEFAULT_HTTP_LIMITS.maxHeaders),
  HTTP_MAX_CONNECTIONS: count().default(DEFAULT_HTTP_LIMITS.maxConnections),
};

/**
 * Reads the limits of a server.
 * @throws ConfigError when headers may take longer than the whole request
 */
export const readHttpLimits = (env: z.infer<z.ZodObject<typeof httpLimitsEnv>>): HttpLimits => {
  if (env.HTTP_HEADERS_TIMEOUT_MS > env.HTTP_REQUEST_TIMEOUT_MS) {
    throw new ConfigError(['HTTP_HEADERS_TIMEOUT_MS: is longer than HTTP_REQUEST_TIMEOUT_MS']);
  }
  return {
    headersTimeoutMs: env.HTTP_HEADERS_TIMEOUT_MS,
    requestTimeoutMs: env.HTTP_REQUEST_TIMEOUT_MS,
    keepAliveMs: env.HTTP_KEEP_ALIVE_MS,
    idleTimeoutMs: env.HTTP_IDLE_TIMEOUT_MS,
    maxHeaderBytes: env.HTTP_MAX_HEADER_BYTES,
    maxHeaders: env.HTTP_MAX_HEADERS,
    maxConnections: env.HTTP_MAX_CONNECTIONS,
  };
};
