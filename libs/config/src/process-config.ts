import { z } from 'zod';
import { httpUrl, milliseconds, port } from './fields.ts';
import { httpLimitsEnv, readHttpLimits, type HttpLimits } from './http-limits.ts';
import { DEFAULT_MODE, MODES } from './parse-env.ts';
import { readDrainTimeout } from './stop-times.ts';

/** What every process of the shop reads: who it is, where it listens, what it tells. */
export type ProcessConfig = {
  readonly name: string;
  readonly environment: (typeof MODES)[number];
  readonly host: string;
  readonly port: number;
  /** Where metrics and the details of readiness are answered; port 0 lets the system choose one. */
  readonly metrics: { readonly host: string; readonly port: number };
  readonly httpLimits: HttpLimits;
  /** How long a stop waits for requests under way, in milliseconds. */
  readonly drainTimeoutMs: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly otlpEndpoint: string | undefined;
};

/** The variables of ProcessConfig, to be extended by a process with its own. */
export const processEnv = z.object({
  NODE_ENV: z.enum(MODES).default(DEFAULT_MODE),
  HOST: z.string().default('127.0.0.1'),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: port().default(9464),
  ...httpLimitsEnv,
  DRAIN_TIMEOUT_MS: milliseconds().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
});

/**
 * Turns the common variables into the config that `name` starts from.
 * @param answerTimeoutMs how long a request may take, where the process sets it
 */
export const processConfig = (
  name: string,
  listenPort: number,
  env: z.infer<typeof processEnv>,
  answerTimeoutMs?: number,
): ProcessConfig => ({
  name,
  environment: env.NODE_ENV,
  host: env.HOST,
  port: listenPort,
  metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
  httpLimits: readHttpLimits(env),
  drainTimeoutMs: readDrainTimeout(env.DRAIN_TIMEOUT_MS, answerTimeoutMs),
  logLevel: env.LOG_LEVEL,
  otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
});
