import { describe, expect, it } from 'vitest';
import { APPS, SERVICES } from '../services.ts';
import { completeEnvironment, environmentOf } from './environment.ts';
import { readSettings } from './settings.ts';

const SECRETS = { USER_DB_PASSWORD: 'p/w', ORDER_DB_PASSWORD: 'o', JWT_KEYS_FILE: 'keys' };

const complete = (given: Record<string, string>) =>
  completeEnvironment(given, readSettings(given, '/repo'), SECRETS);

describe('the environment of npm start', () => {
  it('derives the addresses from the ports', () => {
    expect(complete({ USER_PORT: '14001', POSTGRES_PORT: '15439' })).toMatchObject({
      USER_PORT: '14001',
      USER_URL: 'http://127.0.0.1:14001/graphql',
      ROUTER_URL: 'http://127.0.0.1:4000/graphql',
      JWKS_URL: 'http://127.0.0.1:14001/.well-known/jwks.json',
      JWT_ISSUER: 'http://127.0.0.1:14001',
      USER_DATABASE_URL:
        'postgres://cartograph_user:p%2Fw@127.0.0.1:15439/cartograph_user?sslmode=disable',
    });
  });

  it('names the processes of the status page, but for those whose private port nobody knows', () => {
    const { STATUS_PROCESSES = '' } = complete({ USER_PORT: '14001', METRICS_HOST: '0.0.0.0' });
    // A subgraph that is made by `npm run new:subgraph` comes after these.
    expect(STATUS_PROCESSES.split(',').slice(0, 5)).toEqual([
      'rest=http://127.0.0.1:9480',
      'router=http://127.0.0.1:9400',
      'product=http://127.0.0.1:9402',
      'order=http://127.0.0.1:9403',
      'payment=http://127.0.0.1:9404',
    ]);
    expect(STATUS_PROCESSES).not.toContain('user=');
    expect(complete({ METRICS_HOST: '::1' })['STATUS_PROCESSES']).toContain('http://[::1]:9401');
  });

  it('gives the services the addresses of their peers, and the payment simulator that of the REST API', () => {
    const payment = environmentOf('payment', complete({ ORDER_PORT: '14003', REST_PORT: '18080' }));
    expect(payment).toMatchObject({
      ORDER_URL: 'http://127.0.0.1:14003/graphql',
      SIMULATOR_WEBHOOK_URL: 'http://127.0.0.1:18080/v1/webhooks/payments/simulator',
    });
    expect(environmentOf('order', complete({ PAYMENT_PORT: '14004' }))).toMatchObject({
      PAYMENT_URL: 'http://127.0.0.1:14004/graphql',
    });
    const own = { SIMULATOR_WEBHOOK_URL: 'https://shop.example/hooks' };
    expect(complete(own)).toMatchObject(own);
  });

  it('puts an IPv6 address into brackets', () => {
    const shop = complete({ HOST: '::1' });
    expect(shop).toMatchObject({
      HOST: '::1',
      USER_URL: 'http://[::1]:4001/graphql',
      JWT_ISSUER: 'http://[::1]:4001',
      SIMULATOR_WEBHOOK_URL: 'http://[::1]:8080/v1/webhooks/payments/simulator',
    });
  });

  it('does not change what was given, and derives the rest from it', () => {
    const given = { USER_URL: 'https://users.example/graphql', USER_DB_PASSWORD: 'mine' };
    expect(complete(given)).toMatchObject({
      ...given,
      JWKS_URL: 'https://users.example/.well-known/jwks.json',
      USER_DATABASE_URL:
        'postgres://cartograph_user:mine@127.0.0.1:5439/cartograph_user?sslmode=disable',
    });
  });

  it('gives an app its own database and no other', () => {
    const order = environmentOf('order', complete({}));
    expect(order).toHaveProperty('ORDER_DATABASE_URL');
    expect(order).toHaveProperty('USER_URL');
    for (const name of ['USER_DATABASE_URL', 'USER_DB_PASSWORD', 'JWT_KEYS_FILE']) {
      expect(order).not.toHaveProperty(name);
    }
    expect(environmentOf('user', complete({}))).toHaveProperty('JWT_KEYS_FILE', 'keys');
    const given = { JWT_PRIVATE_KEY: 'key' };
    expect(environmentOf('order', complete(given))).not.toHaveProperty('JWT_PRIVATE_KEY');
  });

  it('gives the address of Redis, with its password, to the apps that use it', () => {
    const environment = complete({ REDIS_URL: 'redis://:word@127.0.0.1' });
    const given = APPS.filter((app) => 'REDIS_URL' in environmentOf(app, environment));
    expect([...given].sort()).toEqual(['rest', 'router', 'user']);
  });

  it('gives an app the secrets of calls that it makes or receives, and no others', () => {
    const given = Object.fromEntries(APPS.map((app) => [`${app.toUpperCase()}_SECRET`, 'x']));
    const received = APPS.map((app) => {
      const names = Object.keys(environmentOf(app, complete(given)));
      return [app, names.filter((name) => name in given).sort()];
    });
    const { user, ...others } = Object.fromEntries(received);
    // Every service reads the feed of revoked sessions.
    expect(user).toEqual(
      Object.keys(given)
        .filter((name) => !['USER_SECRET', 'REST_SECRET'].includes(name))
        .sort(),
    );
    expect(others).toMatchObject({
      product: ['ORDER_SECRET', 'PRODUCT_SECRET', 'ROUTER_SECRET'],
      order: ['ORDER_SECRET', 'PAYMENT_SECRET', 'ROUTER_SECRET'],
      payment: ['ORDER_SECRET', 'PAYMENT_SECRET', 'ROUTER_SECRET'],
      router: ['ROUTER_SECRET'],
      rest: [],
    });
  });

  it('gives each app a private port of its own', () => {
    const environment = complete({ ORDER_PORT: '14003', METRICS_PORT: '9464' });
    const ports = APPS.map((app) => environmentOf(app, environment)['METRICS_PORT']);
    expect(new Set(ports).size).toBe(APPS.length);
    expect(ports).toEqual(expect.arrayContaining(['9401', '9402', '0', '9404', '9400', '9480']));
  });

  it('gives the passwords of the demo accounts to no app', () => {
    const given = { DEMO_ADMIN_PASSWORD: 'a', DEMO_SHOPPER_PASSWORD: 'b' };
    const received = APPS.filter((app) =>
      Object.keys(environmentOf(app, complete(given))).some((name) => name.startsWith('DEMO_')),
    );
    expect(received).toEqual([]);
  });

  it('gives the secrets of other routers to the subgraphs alone', () => {
    const received = APPS.filter(
      (app) =>
        'ROUTER_AUTHORIZATION' in environmentOf(app, complete({ ROUTER_AUTHORIZATION: 'x' })),
    );
    expect(received).toEqual([...SERVICES]);
  });

  it('gives the secrets of payment providers to the payment service alone', () => {
    const given = {
      STRIPE_SECRET_KEY: 'sk_test_x',
      STRIPE_WEBHOOK_SECRET: 'whsec_x',
      STRIPE_API_BASE: 'http://127.0.0.1:12111',
      SIMULATOR_WEBHOOK_SECRET: 'x',
    };
    for (const app of APPS) {
      const environment = environmentOf(app, complete(given));
      const received = Object.keys(given).filter((name) => name in environment);
      expect([app, received]).toEqual([app, app === 'payment' ? Object.keys(given) : []]);
    }
  });
});
