import {
  findRouterSecretFaults,
  makeCallerVerifier,
  makeRouterVerifier,
  readRouterSecrets,
  type Caller,
  type CallerSecrets,
  type RouterSecret,
  type TokenScope,
} from '@cartograph/auth';
import {
  ConfigError,
  DEVELOPMENT_SECRET_PREFIX,
  httpUrl,
  inDevelopment,
  milliseconds,
  processConfig,
  processEnv,
  secret,
  timerMilliseconds,
  type ProcessConfig,
} from '@cartograph/config';
import {
  operationLimitsEnv,
  readOperationLimits,
  type OperationLimits,
} from '@cartograph/operation-limits';
import type { ServiceClientOptions } from '@cartograph/resilience';
import type { StalenessLimits } from '@cartograph/sessions';
import { z } from 'zod';

/** The configuration that all subgraphs have. */
export type SubgraphConfig = ProcessConfig & {
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly jwksUrl: string;
  /** The age at which the keys that verify access tokens are fetched again, in milliseconds. */
  readonly jwksRefreshMs: number;
  /** The age at which they no longer verify tokens, in milliseconds. */
  readonly jwksMaxAgeMs: number;
  /** The maximum age of the copy of revoked sessions. */
  readonly sessionStaleness: StalenessLimits;
  readonly tokenScope: TokenScope;
  readonly callerSecrets: CallerSecrets;
  /** The secrets of routers that can't sign their requests. */
  readonly routerSecrets: readonly RouterSecret[];
  readonly operationLimits: OperationLimits;
};

const routerSecrets = (): z.ZodType<readonly RouterSecret[], unknown> =>
  z.string().transform((text, context) => {
    const secrets = readRouterSecrets(text);
    if (secrets) return secrets;
    context.addIssue('is not a list of name:secret, separated by commas');
    return z.NEVER;
  });

/** The variables of SubgraphConfig, except for port and database, whose names differ. */
export const subgraphEnv = processEnv.extend({
  ...operationLimitsEnv('subgraph'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).default(10),
  JWKS_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4001/.well-known/jwks.json'),
  JWKS_REFRESH_MS: milliseconds().default(60_000),
  JWKS_MAX_AGE_MS: milliseconds().default(3_600_000),
  JWT_ISSUER: inDevelopment(z.string(), 'http://127.0.0.1:4001'),
  JWT_AUDIENCE: inDevelopment(z.string(), 'cartograph'),
  ROUTER_SECRET: secret(),
  ROUTER_AUTHORIZATION: routerSecrets().default([]),
  USER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4001/graphql'),
  SESSION_CHECK_TIMEOUT_MS: timerMilliseconds().default(1_000),
  SESSION_STALENESS_ADMIN_MS: milliseconds().default(5_000),
  SESSION_STALENESS_MS: milliseconds().default(60_000),
});

/** How a service reads the user service's feed of revoked sessions. */
export const usersClient = (
  caller: Caller,
  ownSecret: string,
  env: z.infer<typeof subgraphEnv>,
): ServiceClientOptions => ({
  service: 'user',
  url: env.USER_URL,
  caller,
  secret: ownSecret,
  timeoutMs: env.SESSION_CHECK_TIMEOUT_MS,
});

/** @throws ConfigError when the secrets of routers are not safe in production, or are reused */
const checkRouterSecrets = (env: z.infer<typeof subgraphEnv>): readonly RouterSecret[] => {
  const signingSecrets = Object.entries(env).flatMap(([name, value]) =>
    name.endsWith('_SECRET') && typeof value === 'string' ? [value] : [],
  );
  const faults = findRouterSecretFaults(env.ROUTER_AUTHORIZATION, {
    isProduction: env.NODE_ENV === 'production',
    developmentPrefix: DEVELOPMENT_SECRET_PREFIX,
    signingSecrets,
  });
  if (faults.length > 0) throw new ConfigError(faults.map((one) => `ROUTER_AUTHORIZATION: ${one}`));
  return env.ROUTER_AUTHORIZATION;
};

/** Makes the common part of a subgraph's configuration. */
export const subgraphConfig = (
  own: { name: string; port: number; databaseUrl: string; peerSecrets?: CallerSecrets },
  env: z.infer<typeof subgraphEnv>,
): SubgraphConfig => ({
  ...processConfig(own.name, own.port, env),
  databaseUrl: own.databaseUrl,
  databasePoolSize: env.DATABASE_POOL_SIZE,
  jwksUrl: env.JWKS_URL,
  jwksRefreshMs: env.JWKS_REFRESH_MS,
  jwksMaxAgeMs: env.JWKS_MAX_AGE_MS,
  sessionStaleness: { admin: env.SESSION_STALENESS_ADMIN_MS, customer: env.SESSION_STALENESS_MS },
  tokenScope: { issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE },
  callerSecrets: { router: env.ROUTER_SECRET, ...own.peerSecrets },
  routerSecrets: checkRouterSecrets(env),
  operationLimits: readOperationLimits(env),
});

/** The options of makeSubgraphServer that only depend on the configuration. */
export const subgraphOptions = (config: SubgraphConfig) => ({
  name: config.name,
  httpLimits: config.httpLimits,
  verifyCaller: makeCallerVerifier(config.callerSecrets),
  verifyRouter: makeRouterVerifier(config.routerSecrets),
  operationLimits: config.operationLimits,
  slowRequestMs: config.slowRequestMs,
});
