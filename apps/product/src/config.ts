import { milliseconds, parseEnv, port, postgresUrl, secret, type Env } from '@cartograph/config';
import type { ServiceClientOptions } from '@cartograph/resilience';
import {
  subgraphConfig,
  subgraphEnv,
  usersClient,
  type SubgraphConfig,
} from '@cartograph/subgraph';

/** What the product service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  readonly reservationSweepMs: number;
};

const productEnv = subgraphEnv.extend({
  PRODUCT_PORT: port().default(4002),
  PRODUCT_DATABASE_URL: postgresUrl(),
  PRODUCT_SECRET: secret(),
  ORDER_SECRET: secret(),
  RESERVATION_SWEEP_MS: milliseconds().default(5_000),
});

/**
 * Reads the configuration of the product service.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(productEnv, env);
  return {
    ...subgraphConfig(
      {
        name: 'product',
        port: values.PRODUCT_PORT,
        databaseUrl: values.PRODUCT_DATABASE_URL,
        sisterSecrets: { order: values.ORDER_SECRET },
      },
      values,
    ),
    users: usersClient('product', values.PRODUCT_SECRET, values),
    reservationSweepMs: values.RESERVATION_SWEEP_MS,
  };
};
