import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { holdsDevelopmentSecret } from './development-secrets.ts';
import { postgresUrl } from './fields.ts';
import { parseEnv } from './parse-env.ts';

/** As `npm start` makes them. */
const MADE = `dev-${'aB3_-'.repeat(8)}xyz`;

describe('a secret of development', () => {
  it.each([
    ['the value', MADE],
    ['a short value', 'dev-x'],
    ['the password of an address', `postgres://shop:${MADE}@db.example/shop`],
    ['a short password of an address', 'postgres://shop:dev-x@db.example/shop'],
    ['the user of an address', `postgres://${MADE}@db.example/shop`],
    ['the query of an address', `postgres://shop@db.example/shop?password=${MADE}`],
    ['the query, short', 'postgres://shop@db.example/shop?sslmode=require&password=dev-x'],
    ['a percent-encoded password', 'postgres://shop:%64ev-x@db.example/shop'],
    ['a percent-encoded value', `postgres://db.example/shop?options=%2Dc%20x%3D${MADE}`],
    ['one host of several', `postgres://shop:${MADE}@a.example:5432,b.example:5432/shop`],
    ['one address of a list', `nats://a:good@a.example:4222, nats://b:dev-x@b.example:4222`],
    ['one secret of a list', `hive:good,other:${MADE}`],
    ['one short secret of a list', 'hive:good,other:dev-x'],
    ['a published password', 'cartograph-admin'],
    ['a published password in an address', 'postgres://shop:cartograph-shopper@db.example/shop'],
  ])('is found as %s', (_where, value) => {
    expect(holdsDevelopmentSecret(value)).toBe(true);
  });

  it.each([
    'a-secret-of-its-own-0123456789abcdef',
    'postgres://shop:hunter2@dev-db.example/dev-shop',
    'https://dev-shop.example/graphql',
    'https://a.example,https://dev-b.example',
    'my-dev-secret',
    '%',
    '',
  ])('is not found in %s', (value) => {
    expect(holdsDevelopmentSecret(value)).toBe(false);
  });

  it('is refused in production in every variable, also in one that only the driver reads', () => {
    const schema = z.object({ SHOP_DATABASE_URL: postgresUrl() });
    const bad = { SHOP_DATABASE_URL: `postgres://shop:${MADE}@db.example/shop` };
    const borrowed = { SHOP_DATABASE_URL: 'postgres://shop@db.example/shop', PGPASSWORD: MADE };
    for (const mode of [{ NODE_ENV: 'production' }, { NODE_ENV: '' }, {}]) {
      expect(() => parseEnv(schema, { ...bad, ...mode })).toThrow(
        /SHOP_DATABASE_URL: is a development secret/,
      );
      expect(() => parseEnv(schema, { ...borrowed, ...mode })).toThrow(
        /PGPASSWORD: is a development secret/,
      );
      expect(() => parseEnv(schema, { ...bad, ...mode })).not.toThrow(MADE);
    }
    expect(() => parseEnv(schema, { ...bad, NODE_ENV: 'development' })).not.toThrow();
  });
});
