import { parseEnv, port, postgresUrl, secret, type Env } from '@cartograph/config';
import type { ServiceClientOptions } from '@cartograph/resilience';
import {
  subgraphConfig,
  subgraphEnv,
  usersClient,
  type SubgraphConfig,
} from '@cartograph/subgraph';
import { z } from 'zod';

/** What the payment service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  /** Decides what the simulator leaves to chance. */
  readonly simulatorSeed: string;
};

const paymentEnv = subgraphEnv.extend({
  PAYMENT_PORT: port().default(4004),
  PAYMENT_DATABASE_URL: postgresUrl(),
  PAYMENT_SECRET: secret(),
  ORDER_SECRET: secret(),
  SIMULATOR_SEED: z.string().default('1'),
});

/**
 * Reads the configuration of the payment service.
 * @throws ConfigError that names every variable that is missing or not valid
 */
export const readConfig = (env: Env): Config => {
  const values = parseEnv(paymentEnv, env);
  return {
    ...subgraphConfig(
      {
        name: 'payment',
        port: values.PAYMENT_PORT,
        databaseUrl: values.PAYMENT_DATABASE_URL,
        sisterSecrets: { order: values.ORDER_SECRET },
      },
      values,
    ),
    users: usersClient('payment', values.PAYMENT_SECRET, values),
    simulatorSeed: values.SIMULATOR_SEED,
  };
};
