import {
  DEFAULT_RESPONSE_TIMEOUT_MS,
  httpUrl,
  milliseconds,
  parseEnv,
  port,
  processConfig,
  processEnv,
  readCorsOrigins,
  trustedProxies,
  secret,
  type Env,
  type ProcessConfig,
} from '@cartograph/config';
import {
  operationLimitsEnv,
  readOperationLimits,
  type OperationLimits,
} from '@cartograph/operation-limits';
import { z } from 'zod';

/** What the router reads from its environment. */
export type Config = ProcessConfig & {
  readonly secret: string;
  readonly timeoutMs: number;
  readonly operationLimits: OperationLimits;
  /** Web origins whose pages may call; `*` is any. */
  readonly corsOrigins: readonly string[];
  /** Whose `x-forwarded-for` is believed: addresses or ranges, separated by commas. */
  readonly trustedProxies: string;
  /** Where the subgraphs are. One that is not named here is where the supergraph says. */
  readonly subgraphUrls: Readonly<Record<string, string | undefined>>;
};

const routerEnv = processEnv.extend({
  ...operationLimitsEnv('router'),
  ROUTER_PORT: port().default(4000),
  ROUTER_SECRET: secret(),
  SUBGRAPH_TIMEOUT_MS: milliseconds().default(DEFAULT_RESPONSE_TIMEOUT_MS),
  CORS_ORIGINS: z.string().optional(),
  TRUSTED_PROXIES: trustedProxies().default('loopback'),
  USER_URL: httpUrl().optional(),
  PRODUCT_URL: httpUrl().optional(),
  ORDER_URL: httpUrl().optional(),
  PAYMENT_URL: httpUrl().optional(),
});

/**
 * Reads the configuration of the router.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(routerEnv, env);
  return {
    ...processConfig('router', values.ROUTER_PORT, values, values.SUBGRAPH_TIMEOUT_MS),
    secret: values.ROUTER_SECRET,
    timeoutMs: values.SUBGRAPH_TIMEOUT_MS,
    operationLimits: readOperationLimits(values),
    corsOrigins: readCorsOrigins(values.CORS_ORIGINS, values.NODE_ENV),
    trustedProxies: values.TRUSTED_PROXIES,
    subgraphUrls: {
      user: values.USER_URL,
      product: values.PRODUCT_URL,
      order: values.ORDER_URL,
      payment: values.PAYMENT_URL,
    },
  };
};
