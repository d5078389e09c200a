import {
  httpUrl,
  inDevelopment,
  milliseconds,
  parseEnv,
  port,
  postgresUrl,
  secret,
  type Env,
} from '@cartograph/config';
import { natsServers, type NatsServers } from '@cartograph/events';
import type { ServiceClientOptions } from '@cartograph/resilience';
import {
  subgraphConfig,
  subgraphEnv,
  usersClient,
  type SubgraphConfig,
} from '@cartograph/subgraph';
import { providerConfig, providerEnv, type ProviderConfig } from './provider-config.ts';

/** What the payment service reads from its environment. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  /** Where events are carried to, beside the service's own database. */
  readonly nats: NatsServers | undefined;
  readonly order: ServiceClientOptions;
  readonly providers: ProviderConfig;
  /** How long undone work is tried again, in milliseconds, before it is left to a person. */
  readonly jobPatienceMs: number;
};

const paymentEnv = subgraphEnv.extend({
  ...providerEnv.shape,
  PAYMENT_PORT: port().default(4004),
  PAYMENT_DATABASE_URL: postgresUrl(),
  PAYMENT_SECRET: secret(),
  ORDER_SECRET: secret(),
  ORDER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4003/graphql'),
  SERVICE_TIMEOUT_MS: milliseconds().default(10_000),
  NATS_URL: natsServers().optional(),
  // Longer than a provider keeps its answer to an idempotency key.
  PAYMENT_JOB_PATIENCE_MS: milliseconds().default(36 * 60 * 60_000),
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
    nats: values.NATS_URL,
    users: usersClient('payment', values.PAYMENT_SECRET, values),
    order: {
      service: 'order',
      url: values.ORDER_URL,
      caller: 'payment',
      secret: values.PAYMENT_SECRET,
      timeoutMs: values.SERVICE_TIMEOUT_MS,
    },
    providers: providerConfig(values, values.NODE_ENV),
    jobPatienceMs: values.PAYMENT_JOB_PATIENCE_MS,
  };
};
