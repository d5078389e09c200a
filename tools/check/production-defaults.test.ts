import { generateKeyPairSync } from 'node:crypto';
import { ConfigError, type Env } from '@cartograph/config';
import { TEST_SECRETS } from '@cartograph/testing';
import { describe, expect, it } from 'vitest';
import { readConfig as readOrder } from '../../apps/order/src/config.ts';
import { readConfig as readPayment } from '../../apps/payment/src/config.ts';
import { readConfig as readProduct } from '../../apps/product/src/config.ts';
import { readConfig as readRest } from '../../apps/rest/src/config.ts';
import { readConfig as readRouter } from '../../apps/router/src/config.ts';
import { readConfig as readUser } from '../../apps/user/src/config.ts';

const SECRET = 'a-secret-of-this-test-0123456789012345';

/** What has no default anywhere. */
const ALWAYS = {
  USER_DATABASE_URL: 'postgres://a:b@db.example/user',
  PRODUCT_DATABASE_URL: 'postgres://a:b@db.example/product',
  ORDER_DATABASE_URL: 'postgres://a:b@db.example/order',
  PAYMENT_DATABASE_URL: 'postgres://a:b@db.example/payment',
  ...TEST_SECRETS,
  JWT_PRIVATE_KEY: generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString(),
};

/** What production requires as well. */
const REQUIRED = {
  USER_URL: 'https://user.example/graphql',
  PRODUCT_URL: 'https://product.example/graphql',
  ORDER_URL: 'https://order.example/graphql',
  PAYMENT_URL: 'https://payment.example/graphql',
  ROUTER_URL: 'https://router.example/graphql',
  JWKS_URL: 'https://user.example/.well-known/jwks.json',
  JWT_ISSUER: 'https://user.example',
  JWT_AUDIENCE: 'shop',
  PAYMENT_PROVIDER: 'simulator',
  SIMULATOR_WEBHOOK_URL: 'https://shop.example/v1/webhooks/payments/simulator',
  SIMULATOR_WEBHOOK_SECRET: SECRET,
};

const TOKENS = ['JWKS_URL', 'JWT_AUDIENCE', 'JWT_ISSUER', 'USER_URL'];

const APPS: readonly (readonly [string, (env: Env) => object, readonly string[]])[] = [
  ['user', readUser, TOKENS],
  ['product', readProduct, TOKENS],
  ['order', readOrder, [...TOKENS, 'PAYMENT_URL', 'PRODUCT_URL']],
  ['payment', readPayment, [...TOKENS, 'ORDER_URL']],
  ['router', readRouter, []],
  ['rest', readRest, ['ROUTER_URL']],
];

const faultsOf = (read: () => object): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe.each(APPS)('the configuration of %s', (_name, read, needed) => {
  it.each(['development', 'test'])('has defaults for this machine in %s', (NODE_ENV) => {
    expect(faultsOf(() => read({ ...ALWAYS, NODE_ENV }))).toEqual([]);
  });

  it.each([{ NODE_ENV: 'production' }, { NODE_ENV: '' }, {}])(
    'has none for peers and tokens with %j',
    (mode) => {
      const names = faultsOf(() => read({ ...ALWAYS, ...mode })).map((one) => one.split(':')[0]);
      expect(names.toSorted()).toEqual([...needed].toSorted());
      expect(faultsOf(() => read({ ...ALWAYS, ...REQUIRED, ...mode }))).toEqual([]);
    },
  );

  it('names this machine in production only where the process itself listens', () => {
    const { host, metrics, ...rest } = read({ ...ALWAYS, ...REQUIRED }) as Record<string, unknown>;
    expect([host, metrics]).toEqual(['127.0.0.1', { host: '127.0.0.1', port: 9464 }]);
    expect(JSON.stringify(rest)).not.toMatch(/127\.0\.0\.1|localhost|"dev-/);
  });
});
