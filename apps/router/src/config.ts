import { admissionEnv, readAdmissionLimits, type AdmissionLimits } from '@cartograph/admission';
import { SUBGRAPHS, type Subgraph } from '@cartograph/auth';
import {
  ConfigError,
  DEFAULT_RESPONSE_TIMEOUT_MS,
  httpUrl,
  parseEnv,
  port,
  processConfig,
  processEnv,
  readCorsOrigins,
  trustedProxies,
  secret,
  timerMilliseconds,
  type Env,
  type ProcessConfig,
} from '@cartograph/config';
import {
  operationLimitsEnv,
  readOperationLimits,
  type OperationLimits,
} from '@cartograph/operation-limits';
import { redisUrl } from '@cartograph/redis';
import { readCacheLimits, responseCacheEnv, type CacheLimits } from '@cartograph/response-cache';
import { z } from 'zod';
import { clientNames } from './measure-clients.ts';
import { operationNames } from './operation-names.ts';

/** The configuration of the router. */
export type Config = ProcessConfig & {
  readonly secret: string;
  readonly timeoutMs: number;
  readonly operationLimits: OperationLimits;
  readonly cacheLimits: CacheLimits;
  /** The Redis through which replicas share responses. */
  readonly redisUrl: string | null;
  readonly admissionLimits: AdmissionLimits;
  /** Names of operations that metrics show, besides those of REST. */
  readonly metricsOperations: readonly string[];
  /** Names of clients that metrics show. */
  readonly metricsClients: readonly string[];
  /** Files with manifests of persisted operations. */
  readonly manifests: readonly string[];
  /** Whether the operations of the manifests are the only ones that are executed. */
  readonly isSafelist: boolean;
  /** Allowed CORS origins; `*` is any. */
  readonly corsOrigins: readonly string[];
  /** Proxies whose `x-forwarded-for` is trusted: addresses or ranges, separated by commas. */
  readonly trustedProxies: string;
  /** The URLs of the subgraphs. The default is the URL in the supergraph. */
  readonly subgraphUrls: Readonly<Record<string, string | undefined>>;
};

const urlVariableOf = (name: Subgraph) =>
  `${name.toUpperCase() as Uppercase<Subgraph>}_URL` as const;

const optionalUrl = () => httpUrl().optional();

const subgraphUrlsEnv = Object.fromEntries(
  SUBGRAPHS.map((name) => [urlVariableOf(name), optionalUrl()]),
) as Record<ReturnType<typeof urlVariableOf>, ReturnType<typeof optionalUrl>>;

/** The environment variables of the router. */
export const routerEnv = processEnv.extend({
  ...operationLimitsEnv('router'),
  ...responseCacheEnv,
  REDIS_URL: redisUrl().optional(),
  ...admissionEnv,
  ROUTER_PORT: port().default(4000),
  ROUTER_SECRET: secret(),
  SUBGRAPH_TIMEOUT_MS: timerMilliseconds().default(DEFAULT_RESPONSE_TIMEOUT_MS),
  METRICS_OPERATION_NAMES: operationNames(),
  METRICS_CLIENT_NAMES: clientNames(),
  PERSISTED_OPERATIONS: z.string().default(''),
  SAFELIST: z.enum(['true', 'false']).default('false'),
  CORS_ORIGINS: z.string().optional(),
  TRUSTED_PROXIES: trustedProxies().default('loopback'),
  ...subgraphUrlsEnv,
});

/**
 * Reads the configuration of the router.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(routerEnv, env);
  const manifests = values.PERSISTED_OPERATIONS.split(',')
    .map((file) => file.trim())
    .filter((file) => file !== '');
  const isSafelist = values.SAFELIST === 'true';
  if (isSafelist && manifests.length === 0) {
    throw new ConfigError(['PERSISTED_OPERATIONS: SAFELIST=true needs at least one manifest.']);
  }
  return {
    ...processConfig('router', values.ROUTER_PORT, values, values.SUBGRAPH_TIMEOUT_MS),
    secret: values.ROUTER_SECRET,
    timeoutMs: values.SUBGRAPH_TIMEOUT_MS,
    operationLimits: readOperationLimits(values),
    cacheLimits: readCacheLimits(values),
    redisUrl: values.REDIS_URL ?? null,
    admissionLimits: readAdmissionLimits(values),
    metricsOperations: values.METRICS_OPERATION_NAMES,
    metricsClients: values.METRICS_CLIENT_NAMES,
    manifests,
    isSafelist,
    corsOrigins: readCorsOrigins(values.CORS_ORIGINS, values.NODE_ENV),
    trustedProxies: values.TRUSTED_PROXIES,
    subgraphUrls: Object.fromEntries(SUBGRAPHS.map((name) => [name, values[urlVariableOf(name)]])),
  };
};
