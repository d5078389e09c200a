import {
  ConfigError,
  DEVELOPMENT_SECRET_PREFIX,
  httpUrl,
  inDevelopment,
  milliseconds,
  secret,
} from '@cartograph/config';
import { z } from 'zod';
import type { StripeOptions } from './clients/make-stripe.ts';
import type { WebhookOptions } from './clients/simulator/webhooks.ts';

/** Who takes the money. */
export type ProviderConfig = {
  /** Who takes that of new payments. */
  readonly chosen: 'simulator' | 'stripe';
  /** How long a call of a provider may take, in milliseconds: less than the caller of ours waits. */
  readonly timeoutMs: number;
  /** Null where nobody may pay with play money. */
  readonly simulator: {
    /** Decides what the simulator leaves to chance. */
    readonly seed: string;
    readonly delayMs: number;
    readonly webhooks: WebhookOptions;
  } | null;
  readonly stripe: StripeOptions | null;
};

const fraction = () => z.coerce.number().min(0).max(1);

/** Development needs no secret between the simulator and the shop; production refuses this one. */
const DEVELOPMENT_WEBHOOK_SECRET = `${DEVELOPMENT_SECRET_PREFIX}simulator-webhooks-0123456789abcdef`;

const STRIPE_API_BASE = 'https://api.stripe.com';

/** The variables of ProviderConfig. */
export const providerEnv = z.object({
  PAYMENT_PROVIDER: z.enum(['simulator', 'stripe']).optional(),
  PROVIDER_TIMEOUT_MS: milliseconds().default(5_000),
  SIMULATOR_SEED: z.string().default('1'),
  SIMULATOR_DELAY_MS: milliseconds().default(3_000),
  SIMULATOR_WEBHOOK_URL: inDevelopment(
    httpUrl().optional(),
    'http://127.0.0.1:8080/v1/webhooks/payments/simulator',
  ),
  SIMULATOR_WEBHOOK_SECRET: secret().default(DEVELOPMENT_WEBHOOK_SECRET),
  SIMULATOR_WEBHOOK_DUPLICATES: z.coerce.number().int().min(1).max(100).default(1),
  SIMULATOR_WEBHOOK_DROP: fraction().default(0),
  SIMULATOR_WEBHOOK_REORDER: fraction().default(0),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_BASE: httpUrl().optional(),
});

type ProviderEnv = z.infer<typeof providerEnv>;

/** Secret keys and restricted keys. */
const STRIPE_TEST_KEY = /^[sr]k_test_/;

const stripeFaultsOf = (values: ProviderEnv, isProduction: boolean): readonly string[] => {
  const needed = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'] as const;
  const missing = needed.filter((name) => !values[name]).map((name) => `${name}: is not set`);
  if (!isProduction) return missing;
  const { STRIPE_SECRET_KEY: key = '', STRIPE_API_BASE: base = STRIPE_API_BASE } = values;
  return [
    ...missing,
    ...(STRIPE_TEST_KEY.test(key)
      ? ['STRIPE_SECRET_KEY: is a test key, which takes no money; production needs a live one']
      : []),
    ...(new URL(base).protocol === 'https:'
      ? []
      : ['STRIPE_API_BASE: is not https, so that anybody on the way could read the key']),
  ];
};

const faultsOf = (values: ProviderEnv, isProduction: boolean): readonly string[] => {
  if (values.PAYMENT_PROVIDER === 'stripe') return stripeFaultsOf(values, isProduction);
  if (!isProduction) return [];
  return [
    ...(values.PAYMENT_PROVIDER
      ? []
      : ['PAYMENT_PROVIDER: is not set; production takes play money only if simulator is named']),
    ...(values.SIMULATOR_WEBHOOK_URL ? [] : ['SIMULATOR_WEBHOOK_URL: is not set']),
    ...(values.SIMULATOR_WEBHOOK_SECRET === DEVELOPMENT_WEBHOOK_SECRET
      ? ['SIMULATOR_WEBHOOK_SECRET: is a development secret; production needs its own']
      : []),
  ];
};

/**
 * Turns the variables into who takes the money.
 * @throws ConfigError when what the choice needs is missing
 */
export const providerConfig = (values: ProviderEnv, environment: string): ProviderConfig => {
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
              duplicates: values.SIMULATOR_WEBHOOK_DUPLICATES,
              drop: values.SIMULATOR_WEBHOOK_DROP,
              reorder: values.SIMULATOR_WEBHOOK_REORDER,
            },
          },
    // Kept beside the simulator, so that its payments are looked after whoever is chosen now.
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
