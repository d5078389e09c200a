import { generateKeyPairSync } from 'node:crypto';
import { ConfigError, type Env } from '@cartograph/config';
import type { AppConfig } from './load-apps.ts';

/** Texts of which every variable that must be set accepts one. */
const SAMPLES = [
  'postgres://role:word@database.example/shop',
  'https://shop.example/graphql',
  'a-text-of-more-than-32-characters',
];

const privateKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

/** What else must be set in production depends on the payment provider. */
const PROVIDERS: Readonly<Record<string, Env>> = {
  simulator: {
    SIMULATOR_WEBHOOK_URL: 'https://shop.example/v1/webhooks/payments/simulator',
    SIMULATOR_WEBHOOK_SECRET: 'a-webhook-secret-of-more-than-32-characters',
  },
  stripe: { STRIPE_SECRET_KEY: 'a-live-key', STRIPE_WEBHOOK_SECRET: 'a-webhook-secret' },
};

/** An environment of production in which an app starts, without anything that it does not need. */
const completeEnvironment = ({ app, fields }: AppConfig, conditional: Env): Env => {
  const needed = Object.entries(fields).flatMap(([name, field]) => {
    if (field.safeParse(undefined).success) return [];
    const sample = SAMPLES.find((text) => field.safeParse(text).success);
    if (sample === undefined) throw new Error(`no sample is a value of ${name} of ${app}`);
    return [[name, sample] as const];
  });
  const known = Object.entries(conditional).filter(([name]) => name in fields);
  return { ...Object.fromEntries([...needed, ...known]), NODE_ENV: 'production' };
};

const faultsOf = ({ readConfig }: AppConfig, env: Env): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

/** The variables that a fault is about: `A: is not set`, or `A, B: exactly one must be set`. */
const variablesOf = (fault: string): readonly string[] => fault.split(':')[0]?.split(', ') ?? [];

/** Which variables must be set: with which payment providers, or as one of several. */
export type Requirement = { readonly oneOf: readonly string[]; readonly providers: Set<string> };

/**
 * Finds what an app needs in production by asking the app itself: its configuration is read without
 * each variable in turn, and a variable is required when its fault is reported.
 * @throws Error when the app does not start with everything that it is known to need
 */
export const findRequired = (config: AppConfig): ReadonlyMap<string, Requirement> => {
  const found = new Map<string, Requirement>();
  const key = { JWT_PRIVATE_KEY: privateKey() };
  for (const [provider, values] of Object.entries(PROVIDERS)) {
    const env = completeEnvironment(config, { ...key, PAYMENT_PROVIDER: provider, ...values });
    const faults = faultsOf(config, env);
    if (faults.length > 0) throw new Error(`${config.app} does not start: ${faults.join('; ')}`);
    for (const name of Object.keys(env)) {
      const named = faultsOf(config, { ...env, [name]: undefined })
        .map(variablesOf)
        .find((names) => names.includes(name));
      for (const one of named ?? []) {
        const providers = found.get(one)?.providers ?? new Set<string>();
        found.set(one, { oneOf: named ?? [], providers: providers.add(provider) });
      }
    }
  }
  return found;
};

/** All payment providers: what each of them needs does not depend on the provider. */
export const PROVIDER_NAMES: readonly string[] = Object.keys(PROVIDERS);
