import { admissionEnv, readAdmissionLimits, type AdmissionLimits } from '@cartograph/admission';
import {
  DEFAULT_RESPONSE_TIMEOUT_MS,
  httpUrl,
  inDevelopment,
  parseEnv,
  port,
  processConfig,
  processEnv,
  readCorsOrigins,
  timerMilliseconds,
  trustedProxies,
  type Env,
  type ProcessConfig,
} from '@cartograph/config';
import { redisUrl } from '@cartograph/redis';
import { readCacheLimits, responseCacheEnv, type CacheLimits } from '@cartograph/response-cache';
import { z } from 'zod';
import type { StatusTarget } from './status/read-process.ts';
import { statusProcesses } from './status/status-processes.ts';
import { readStreamLimits, streamEnv, type StreamLimits } from './streams/stream-limits.ts';

/** The configuration of the REST API. */
export type Config = ProcessConfig & {
  readonly routerUrl: string;
  /** Answers 200 when the router is ready. */
  readonly routerReadyUrl: string;
  readonly routerTimeoutMs: number;
  readonly cacheLimits: CacheLimits;
  /** The Redis through which replicas share pages. */
  readonly redisUrl: string | null;
  readonly admissionLimits: AdmissionLimits;
  readonly streamLimits: StreamLimits;
  /** Proxies whose `x-forwarded-for` is trusted: addresses or ranges, separated by commas. */
  readonly trustedProxies: string;
  /** Allowed CORS origins; `*` is any. */
  readonly corsOrigins: readonly string[];
  /** The processes of the status page; none: there is no page. */
  readonly statusTargets: readonly StatusTarget[];
};

/** The environment variables of the REST API. */
export const restEnv = processEnv.extend({
  REST_PORT: port().default(8080),
  ROUTER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4000/graphql'),
  // The default router has /readyz beside /graphql; other routers have it on another port.
  ROUTER_READY_URL: httpUrl().optional(),
  TRUSTED_PROXIES: trustedProxies().default('loopback'),
  ROUTER_TIMEOUT_MS: timerMilliseconds().default(DEFAULT_RESPONSE_TIMEOUT_MS),
  CORS_ORIGINS: z.string().optional(),
  STATUS_PROCESSES: statusProcesses().optional(),
  ...responseCacheEnv,
  REDIS_URL: redisUrl().optional(),
  ...admissionEnv,
  ...streamEnv,
});

/**
 * Reads the configuration of the REST API.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(restEnv, env);
  const common = processConfig('rest', values.REST_PORT, values, values.ROUTER_TIMEOUT_MS);
  return {
    ...common,
    routerUrl: values.ROUTER_URL,
    routerReadyUrl: values.ROUTER_READY_URL ?? new URL('/readyz', values.ROUTER_URL).href,
    routerTimeoutMs: values.ROUTER_TIMEOUT_MS,
    cacheLimits: readCacheLimits(values),
    redisUrl: values.REDIS_URL ?? null,
    admissionLimits: readAdmissionLimits(values),
    streamLimits: readStreamLimits(values, common.httpLimits.idleTimeoutMs),
    trustedProxies: values.TRUSTED_PROXIES,
    corsOrigins: readCorsOrigins(values.CORS_ORIGINS, values.NODE_ENV),
    statusTargets: values.STATUS_PROCESSES ?? [],
  };
};
