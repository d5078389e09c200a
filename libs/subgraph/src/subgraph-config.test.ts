import { describe, expect, it } from 'vitest';
import { ConfigError, parseEnv, secret } from '@cartograph/config';
import { subgraphConfig, subgraphEnv } from './subgraph-config.ts';

const OWN = 'the-secret-of-this-service-0123456789';
const HIVE = 'what-another-router-sends-0123456789';

const read = (env: Record<string, string>) => {
  const values = parseEnv(subgraphEnv.extend({ OWN_SECRET: secret() }), {
    ROUTER_SECRET: 'the-secret-of-our-router-0123456789',
    OWN_SECRET: OWN,
    USER_URL: 'https://user.example/graphql',
    JWKS_URL: 'https://user.example/.well-known/jwks.json',
    JWT_ISSUER: 'https://user.example',
    JWT_AUDIENCE: 'shop',
    ...env,
  });
  return subgraphConfig({ name: 'test', port: 1, databaseUrl: 'postgres://a:b@c/d' }, values);
};

describe('the required configuration in production', () => {
  const names = ['USER_URL', 'JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;

  it.each(['production', ''])('includes the addresses of peers, with NODE_ENV=%s', (NODE_ENV) => {
    for (const name of names) {
      expect(() => read({ NODE_ENV, [name]: '' })).toThrow(`${name}: is not set`);
      expect(() => read({ NODE_ENV: 'development', [name]: '' })).not.toThrow();
    }
  });
});

const production = (ROUTER_AUTHORIZATION: string) =>
  read({ NODE_ENV: 'production', ROUTER_AUTHORIZATION });

describe('the routers that a subgraph accepts by a secret', () => {
  it('are none by default', () => {
    expect(read({}).routerSecrets).toEqual([]);
    expect(production('').routerSecrets).toEqual([]);
  });

  it('are read from ROUTER_AUTHORIZATION', () => {
    expect(production(`hive:${HIVE}`).routerSecrets).toEqual([{ router: 'hive', secret: HIVE }]);
    expect(read({ NODE_ENV: 'test', ROUTER_AUTHORIZATION: 'hive:x' }).routerSecrets).toHaveLength(
      1,
    );
  });

  it.each([
    ['no list', HIVE],
    ['a short secret', 'hive:short'],
    ['one of development', `hive:dev-${HIVE}`],
    ['what our router signs with', 'hive:the-secret-of-our-router-0123456789'],
    ['what this service signs with', `hive:${OWN}`],
  ])('are refused in production with %s, which is not repeated', (_what, text) => {
    expect(() => production(text)).toThrow(ConfigError);
    expect(() => production(text)).toThrow(/ROUTER_AUTHORIZATION: /);
    expect(() => production(text)).not.toThrow(new RegExp(`${HIVE}|${OWN}|short|our-router`));
  });
});

describe('the maximum age of the copy of revoked sessions', () => {
  it('is five seconds for administrators and a minute for others by default', () => {
    expect(read({}).sessionStaleness).toEqual({ admin: 5_000, customer: 60_000 });
    const config = read({ SESSION_STALENESS_ADMIN_MS: '1', SESSION_STALENESS_MS: '2' });
    expect(config.sessionStaleness).toEqual({ admin: 1, customer: 2 });
  });
});
