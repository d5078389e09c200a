import {
  ConfigError,
  DEVELOPMENT_SECRET_PREFIX,
  httpUrl,
  inDevelopment,
  milliseconds,
  millisecondsFrom,
  parseEnv,
  port,
  postgresUrl,
  secret,
  timerMilliseconds,
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
import { z } from 'zod';
import type { WebhookOptions } from './clients/simulator/webhooks.ts';
import type { StripeOptions } from './clients/stripe/make-stripe.ts';

/** The configuration of the payment providers. */
export type ProviderConfig = {
  /** The provider of new payments. */
  readonly chosen: 'simulator' | 'stripe';
  /** The timeout of a request to a provider, in milliseconds: below that of the callers. */
  readonly timeoutMs: number;
  /** Null in production with another provider: the simulator moves no money. */
  readonly simulator: {
    /** Determines the random outcomes. */
    readonly seed: string;
    readonly delayMs: number;
    readonly webhooks: WebhookOptions;
  } | null;
  readonly stripe: StripeOptions | null;
};

const fraction = () => z.coerce.number().min(0).max(1);

/** The default in development; production refuses it. */
const DEVELOPMENT_WEBHOOK_SECRET = `${DEVELOPMENT_SECRET_PREFIX}simulator-webhooks-0123456789abcdef`;

const STRIPE_API_BASE = 'https://api.stripe.com';

/** The environment variables of ProviderConfig. */
const providerEnv = z.object({
  PAYMENT_PROVIDER: z.enum(['simulator', 'stripe']).optional(),
  PROVIDER_TIMEOUT_MS: timerMilliseconds().default(5_000),
  SIMULATOR_SEED: z.string().default('1'),
  SIMULATOR_DELAY_MS: milliseconds().default(3_000),
  SIMULATOR_WEBHOOK_URL: inDevelopment(
    httpUrl().optional(),
    'http://127.0.0.1:8080/v1/webhooks/payments/simulator',
  ),
  SIMULATOR_WEBHOOK_SECRET: secret().default(DEVELOPMENT_WEBHOOK_SECRET),
  SIMULATOR_WEBHOOKS: z.enum(['late', 'all']).default('late'),
  SIMULATOR_WEBHOOK_DUPLICATES: z.coerce.number().int().min(1).max(100).default(1),
  SIMULATOR_WEBHOOK_DROP: fraction().default(0),
  SIMULATOR_WEBHOOK_REORDER: fraction().default(0),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_BASE: httpUrl().optional(),
});

type ProviderEnv = z.infer<typeof providerEnv>;

/** The test mode's secret keys and restricted keys. */
const STRIPE_TEST_KEY = /^[sr]k_test_/;

const stripeFaultsOf = (values: ProviderEnv, isProduction: boolean): readonly string[] => {
  const needed = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;
  const missing = needed.filter((name) => !values[name]).map((name) => `${name}: is not set`);
  if (!isProduction) return missing;
  const { STRIPE_SECRET_KEY: key = '', STRIPE_API_BASE: base = STRIPE_API_BASE } = values;
  return [
    ...missing,
    ...(STRIPE_TEST_KEY.test(key)
      ? ['STRIPE_SECRET_KEY: is a test key, which moves no money; production needs a live one']
      : []),
    ...(new URL(base).protocol === 'https:'
      ? []
      : ['STRIPE_API_BASE: is not https, so the key would be sent unencrypted']),
  ];
};

const faultsOf = (values: ProviderEnv, isProduction: boolean): readonly string[] => {
  if (values.PAYMENT_PROVIDER === 'stripe') return stripeFaultsOf(values, isProduction);
  if (!isProduction) return [];
  return [
    ...(values.PAYMENT_PROVIDER
      ? []
      : ['PAYMENT_PROVIDER: is not set; production uses the simulator only if it is named']),
    ...(values.SIMULATOR_WEBHOOK_URL ? [] : ['SIMULATOR_WEBHOOK_URL: is not set']),
    ...(values.SIMULATOR_WEBHOOK_SECRET === DEVELOPMENT_WEBHOOK_SECRET
      ? ['SIMULATOR_WEBHOOK_SECRET: is a development secret; production needs its own']
      : []),
  ];
};

/**
 * Reads the configuration of the payment providers.
 * @throws ConfigError when a variable of the chosen provider is missing or not valid
 */
const providerConfig = (values: ProviderEnv, environment: string): ProviderConfig => {
  const isProduction = environment === 'production';
  const faults = faultsOf(values, isProduction);
  if (faults.length > 0) throw new ConfigError(faults);
  const chosen = values.PAYMENT_PROVIDER ?? 'simulator';
  const { SIMULATOR_WEBHOOK_URL: simulatorWebhookUrl } = values;
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret } = values;
  return {
    chosen,
    timeoutMs: values.PROVIDER_TIMEOUT_MS,
    simulator:
      simulatorWebhookUrl === undefined || (isProduction && chosen !== 'simulator')
        ? null
        : {
            seed: values.SIMULATOR_SEED,
            delayMs: values.SIMULATOR_DELAY_MS,
            webhooks: {
              url: simulatorWebhookUrl,
              secret: values.SIMULATOR_WEBHOOK_SECRET,
              sends: values.SIMULATOR_WEBHOOKS,
              duplicates: values.SIMULATOR_WEBHOOK_DUPLICATES,
              drop: values.SIMULATOR_WEBHOOK_DROP,
              reorder: values.SIMULATOR_WEBHOOK_REORDER,
            },
          },
    // Also when the simulator is chosen: stored payments of Stripe must still be settled.
    stripe:
      secretKey && webhookSecret
        ? {
            secretKey,
            webhookSecret,
            apiBase: values.STRIPE_API_BASE ?? STRIPE_API_BASE,
            timeoutMs: values.PROVIDER_TIMEOUT_MS,
          }
        : null,
  };
};

/** The configuration of the payment service. */
export type Config = SubgraphConfig & {
  readonly users: ServiceClientOptions;
  /** Where events are published, besides the service's own database. */
  readonly nats: NatsServers | undefined;
  /** How long published events are stored, in milliseconds. */
  readonly eventRetentionMs: number;
  /** How long processed webhook events are stored, in milliseconds. */
  readonly webhookRetentionMs: number;
  /** How long responses are stored under their idempotency keys, in milliseconds. */
  readonly idempotencyRetentionMs: number;
  readonly order: ServiceClientOptions;
  readonly providers: ProviderConfig;
  /** How long a failed step or job is retried, in milliseconds, before it is dead. */
  readonly jobRetryWindowMs: number;
};

const DAY_MS = 24 * 60 * 60_000;

/** The environment variables of the payment service. */
export const paymentEnv = subgraphEnv.extend({
  ...providerEnv.shape,
  PAYMENT_PORT: port().default(4004),
  PAYMENT_DATABASE_URL: postgresUrl(),
  PAYMENT_SECRET: secret(),
  ORDER_SECRET: secret(),
  ORDER_URL: inDevelopment(httpUrl(), 'http://127.0.0.1:4003/graphql'),
  SERVICE_TIMEOUT_MS: timerMilliseconds().default(10_000),
  NATS_URL: natsServers().optional(),
  // Longer than any provider repeats a webhook: Stripe does so for three days.
  WEBHOOK_RETENTION_MS: millisecondsFrom(7 * DAY_MS).default(30 * DAY_MS),
  IDEMPOTENCY_RETENTION_MS: millisecondsFrom(MIN_RETENTION_MS).default(MIN_RETENTION_MS),
  EVENT_RETENTION_MS: milliseconds().default(30 * DAY_MS),
  // Longer than a provider stores its response to an idempotency key.
  PAYMENT_JOB_RETRY_WINDOW_MS: milliseconds().default(36 * 60 * 60_000),
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
    jobRetryWindowMs: values.PAYMENT_JOB_RETRY_WINDOW_MS,
  };
};
