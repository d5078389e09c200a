import {
  findRouterSecretFaults,
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

/** What every subgraph reads. */
export type SubgraphConfig = ProcessConfig & {
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  readonly jwksUrl: string;
  /** How old the keys that verify access tokens may get, in milliseconds. */
  readonly jwksRefreshMs: number;
  /** At what age they verify no longer, in milliseconds. */
  readonly jwksMaxAgeMs: number;
  /** How old the copy of revoked sessions may get. */
  readonly sessionStaleness: StalenessLimits;
  readonly tokenScope: TokenScope;
  readonly callerSecrets: CallerSecrets;
  /** Of routers that can't sign their requests. */
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

/** The variables of SubgraphConfig but for port and database, which each service names itself. */
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
  SESSION_CHECK_TIMEOUT_MS: milliseconds().default(1_000),
  SESSION_STALENESS_ADMIN_MS: milliseconds().default(5_000),
  SESSION_STALENESS_MS: milliseconds().default(60_000),
});

/** How a sister service reads the user service's feed of revoked sessions. */
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

/** @throws ConfigError when production can't rely on the secrets of routers, or they are mixed up */
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

/** Turns the common variables into the config that a subgraph starts from. */
export const subgraphConfig = (
  own: { name: string; port: number; databaseUrl: string; sisterSecrets?: CallerSecrets },
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
  callerSecrets: { router: env.ROUTER_SECRET, ...own.sisterSecrets },
  routerSecrets: checkRouterSecrets(env),
  operationLimits: readOperationLimits(env),
});
