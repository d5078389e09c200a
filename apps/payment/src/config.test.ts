import { describe, expect, it } from 'vitest';
import { ConfigError, type Env } from '@cartograph/config';
import { readConfig } from './config.ts';

const SECRET = 'a-secret-for-tests-only-0123456789';

const good = {
  NODE_ENV: 'development',
  PAYMENT_DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:5439/payment',
  ROUTER_SECRET: SECRET,
  ORDER_SECRET: SECRET,
  PAYMENT_SECRET: SECRET,
  USER_URL: 'https://user.example/graphql',
  ORDER_URL: 'https://order.example/graphql',
  JWKS_URL: 'https://user.example/.well-known/jwks.json',
  JWT_ISSUER: 'https://user.example',
  JWT_AUDIENCE: 'shop',
};

const messagesOf = (env: Env): readonly string[] => {
  try {
    readConfig({ ...good, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

const faultsOf = (env: Env): readonly string[] =>
  messagesOf(env).map((fault) => fault.split(':')[0] ?? '');

describe('the payment provider', () => {
  it('is the simulator in development, with a default secret', () => {
    const { providers } = readConfig(good);
    expect(providers).toMatchObject({ chosen: 'simulator', stripe: null });
    expect(providers.simulator?.webhooks.secret).toMatch(/^dev-/);
  });

  it('must be named in production, and needs its own secret', () => {
    const alone = { NODE_ENV: 'production' };
    const url = 'SIMULATOR_WEBHOOK_URL';
    expect(faultsOf(alone)).toEqual(['PAYMENT_PROVIDER', url, 'SIMULATOR_WEBHOOK_SECRET']);
    const production = { ...alone, [url]: 'https://shop.example/webhooks' };
    expect(faultsOf(production)).toEqual(['PAYMENT_PROVIDER', 'SIMULATOR_WEBHOOK_SECRET']);
    const named = { ...production, PAYMENT_PROVIDER: 'simulator' };
    expect(faultsOf(named)).toEqual(['SIMULATOR_WEBHOOK_SECRET']);
    const borrowed = { ...named, SIMULATOR_WEBHOOK_SECRET: `dev-${SECRET}` };
    expect(faultsOf(borrowed)).toEqual(['SIMULATOR_WEBHOOK_SECRET']);
    expect(faultsOf({ ...named, SIMULATOR_WEBHOOK_SECRET: SECRET })).toEqual([]);
  });

  it('is Stripe with both secrets, in production without the simulator', () => {
    const stripe = { PAYMENT_PROVIDER: 'stripe' };
    expect(faultsOf(stripe)).toEqual(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET']);
    const keys = { ...stripe, STRIPE_SECRET_KEY: 'sk_live_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' };
    const { providers } = readConfig({ ...good, ...keys, NODE_ENV: 'production' });
    expect(providers).toMatchObject({
      chosen: 'stripe',
      simulator: null,
      stripe: { apiBase: 'https://api.stripe.com' },
    });
  });

  it.each([
    ['STRIPE_SECRET_KEY', 'sk_test_x'],
    ['STRIPE_SECRET_KEY', 'rk_test_x'],
    ['STRIPE_API_BASE', 'http://127.0.0.1:12111'],
  ])('refuses %s=%s in production only', (name, value) => {
    const live = { STRIPE_SECRET_KEY: 'rk_live_x', STRIPE_API_BASE: 'HTTPS://stripe.example' };
    const stripe = { PAYMENT_PROVIDER: 'stripe', STRIPE_WEBHOOK_SECRET: 'whsec_x', ...live };
    const production = { ...stripe, NODE_ENV: 'production' };
    expect(faultsOf(production)).toEqual([]);
    expect(faultsOf({ ...stripe, [name]: value })).toEqual([]);
    const messages = messagesOf({ ...production, [name]: value });
    expect(messages.map((message) => message.split(':')[0])).toEqual([name]);
    expect(messages.join()).not.toContain(value);
  });

  it.each([
    ['PAYMENT_PROVIDER', 'paypal'],
    ['SIMULATOR_WEBHOOK_DROP', '1.1'],
    ['SIMULATOR_WEBHOOK_DROP', '-0.1'],
    ['SIMULATOR_WEBHOOK_REORDER', 'many'],
    ['SIMULATOR_WEBHOOK_DUPLICATES', '0'],
    ['SIMULATOR_WEBHOOK_URL', 'javascript:x'],
    ['SIMULATOR_WEBHOOK_SECRET', 'short'],
    ['PROVIDER_TIMEOUT_MS', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([name]);
  });
});

describe('how long records are stored', () => {
  const DAY_MS = 24 * 60 * 60_000;

  it.each([
    ['IDEMPOTENCY_RETENTION_MS', DAY_MS],
    // Stripe repeats a webhook for three days.
    ['WEBHOOK_RETENTION_MS', 7 * DAY_MS],
  ])('%s is refused below %d', (name, least) => {
    expect(faultsOf({ [name]: String(least - 1) })).toEqual([name]);
    expect(faultsOf({ [name]: String(least) })).toEqual([]);
  });
});
