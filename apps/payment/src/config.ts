import {
  httpUrl,
  inDevelopment,
  milliseconds,
  millisecondsFrom,
  parseEnv,
  port,
  postgresUrl,
  secret,
  type Env,
} from '@cartograph/config';
import { natsServers, type NatsServers } from '@cartograph/events';
import { MIN_RETENTION_MS } from '@cartograph/idempotency';
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
  /** How long published events are kept, in milliseconds. */
  readonly eventRetentionMs: number;
  /** How long it is kept which webhooks were processed, in milliseconds. */
  readonly webhookRetentionMs: number;
  /** How long the answers to idempotency keys are kept, in milliseconds. */
  readonly idempotencyRetentionMs: number;
  readonly order: ServiceClientOptions;
  readonly providers: ProviderConfig;
  /** How long undone work is tried again, in milliseconds, before it is left to a person. */
  readonly jobPatienceMs: number;
};

const DAY_MS = 24 * 60 * 60_000;

const paymentEnv = subgraphEnv.extend({
  ...providerEnv.shape,
  PAYMENT_PORT: port().default(4004),
  PAYMENT_DATABASE_URL: postgresUrl(),
  PAYMENT_SECRET: secret(),
  ORDER_SECRET: secret(),
  ORDER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4003/graphql'),
  SERVICE_TIMEOUT_MS: milliseconds().default(10_000),
  NATS_URL: natsServers().optional(),
  // Longer than any provider repeats one: Stripe does for three days.
  WEBHOOK_RETENTION_MS: millisecondsFrom(7 * DAY_MS).default(30 * DAY_MS),
  IDEMPOTENCY_RETENTION_MS: millisecondsFrom(MIN_RETENTION_MS).default(MIN_RETENTION_MS),
  EVENT_RETENTION_MS: milliseconds().default(30 * DAY_MS),
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
        peerSecrets: { order: values.ORDER_SECRET },
      },
      values,
    ),
    nats: values.NATS_URL,
    webhookRetentionMs: values.WEBHOOK_RETENTION_MS,
    idempotencyRetentionMs: values.IDEMPOTENCY_RETENTION_MS,
    eventRetentionMs: values.EVENT_RETENTION_MS,
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
