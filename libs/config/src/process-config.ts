import { z } from 'zod';
import { httpUrl, milliseconds, port, timerMilliseconds, timerMillisecondsFrom } from './fields.ts';
import { httpLimitsEnv, readHttpLimits, type HttpLimits } from './http-limits.ts';
import { ConfigError, DEFAULT_MODE, MODES } from './parse-env.ts';

/** How long a request may take, by default. */
export const DEFAULT_RESPONSE_TIMEOUT_MS = 15_000;

/** A request between processes that takes this long is logged, by default. */
export const DEFAULT_SLOW_REQUEST_MS = 1_000;

/** How much longer a stop waits than a request may take, and a supervisor waits than a stop. */
export const STOP_MARGIN_MS = 5_000;

/**
 * How long a stopping process waits for requests in progress, in milliseconds: longer than a request
 * may take, so that none is aborted (by default 15 s and 20 s).
 * @param responseTimeoutMs how long a request may take
 * @throws ConfigError when DRAIN_TIMEOUT_MS is not longer than a request
 */
export const readDrainTimeout = (
  given: number | undefined,
  responseTimeoutMs: number = DEFAULT_RESPONSE_TIMEOUT_MS,
): number => {
  if (given !== undefined && given <= responseTimeoutMs) {
    throw new ConfigError([
      `DRAIN_TIMEOUT_MS: is not longer than a request may take (${responseTimeoutMs} ms)`,
    ]);
  }
  return given ?? Math.max(responseTimeoutMs, DEFAULT_RESPONSE_TIMEOUT_MS) + STOP_MARGIN_MS;
};

/** The configuration of every process: its name, addresses, limits, logs and traces. */
export type ProcessConfig = {
  readonly name: string;
  readonly environment: (typeof MODES)[number];
  readonly host: string;
  readonly port: number;
  /** Where metrics and the details of readiness are served. */
  readonly metrics: { readonly host: string; readonly port: number };
  readonly httpLimits: HttpLimits;
  /** How long a stop waits for requests in progress, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** How long a stopping process still accepts requests while it is not ready, in milliseconds. */
  readonly shutdownDelayMs: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly otlpEndpoint: string | undefined;
  /** A request between processes that takes this long is logged, in milliseconds. */
  readonly slowRequestMs: number;
};

/** The variables of ProcessConfig, which each process extends with its own. */
export const processEnv = z.object({
  NODE_ENV: z.enum(MODES).default(DEFAULT_MODE),
  HOST: z.string().default('127.0.0.1'),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: port().default(9464),
  ...httpLimitsEnv,
  DRAIN_TIMEOUT_MS: timerMilliseconds().optional(),
  SHUTDOWN_DELAY_MS: timerMillisecondsFrom(0).default(0),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
  SLOW_REQUEST_MS: milliseconds().default(DEFAULT_SLOW_REQUEST_MS),
});

/**
 * Makes the common part of a process's configuration.
 * @param responseTimeoutMs how long a request may take, if the process sets it
 */
export const processConfig = (
  name: string,
  listenPort: number,
  env: z.infer<typeof processEnv>,
  responseTimeoutMs?: number,
): ProcessConfig => ({
  name,
  environment: env.NODE_ENV,
  host: env.HOST,
  port: listenPort,
  metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
  httpLimits: readHttpLimits(env),
  drainTimeoutMs: readDrainTimeout(env.DRAIN_TIMEOUT_MS, responseTimeoutMs),
  shutdownDelayMs: env.SHUTDOWN_DELAY_MS,
  logLevel: env.LOG_LEVEL,
  otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  slowRequestMs: env.SLOW_REQUEST_MS,
});
