import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '@cartograph/config';
import {
  makeSubgraphCaller,
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRETS,
  testInfrastructure,
  type TestDatabase,
  type TokenMaker,
} from '@cartograph/testing';
import type { FastifyInstance } from 'fastify';
import { readConfig } from '../src/config.ts';
import { makeServer } from '../src/server.ts';

let database: TestDatabase;
let tokens: TokenMaker;

beforeAll(async () => {
  [database, tokens] = await Promise.all([makeTestDatabase('user'), makeTokenMaker()]);
});

afterAll(async () => {
  await tokens.close();
  await database.drop();
});

const environment = (given: Record<string, string> = {}) => ({
  NODE_ENV: 'production',
  USER_DATABASE_URL: database.url,
  USER_URL: 'https://user.example/graphql',
  JWKS_URL: 'https://user.example/.well-known/jwks.json',
  JWT_ISSUER: 'https://user.example',
  JWT_AUDIENCE: 'shop',
  JWT_PRIVATE_KEY: tokens.privateKeyPem,
  ...TEST_SECRETS,
  ...given,
});

const start = () => makeServer({ config: readConfig(environment()), ...testInfrastructure() });

/** Registers or signs in. @returns the code of the problem; undefined for a session */
const requestSession = async (app: FastifyInstance, field: 'register' | 'login', input: object) => {
  const type = field === 'register' ? 'RegisterInput' : 'LoginInput';
  const { data } = await makeSubgraphCaller(app)(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ... on Problem { code } } }`,
    { input },
  );
  return (data[field] as { code?: string }).code;
};

describe('production', () => {
  it('refuses secrets that npm start made, and names each without repeating it', () => {
    const secret = `dev-${'x'.repeat(43)}`;
    const read = () => readConfig(environment({ ROUTER_SECRET: secret, ORDER_SECRET: secret }));
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/ROUTER_SECRET: is a development secret[^]*ORDER_SECRET/);
    expect(read).not.toThrow(new RegExp(secret));
  });

  it('starts with any registered account, and refuses the demo addresses', async () => {
    const app = await start();
    const published = { email: 'shopper@example.com', password: 'cartograph-shopper' };
    const spellings = [
      'admin@example.com',
      ' ADMIN@Example.com ',
      'ａdmin@example。com',
      'shopper@exam\u00adple.com',
    ];
    for (const email of spellings) {
      expect(await requestSession(app, 'register', { ...published, email })).toBe('EMAIL_TAKEN');
    }
    // Another address is allowed.
    expect(
      await requestSession(app, 'register', { ...published, email: 'shopper2@example.com' }),
    ).toBe(undefined);
    // An account that exists all the same.
    const { argon2id, hash } = await import('argon2');
    await database.query(
      `INSERT INTO users (id, email, password_hash, role, created_at, updated_at)
       VALUES ('01890000-0000-7000-8000-000000000000', $1, $2, 'ADMIN', now(), now())`,
      [published.email, await hash(published.password, { type: argon2id })],
    );
    expect(await requestSession(app, 'login', published)).toBe('INVALID_CREDENTIALS');
    await app.close();
    const again = await start();
    expect(await requestSession(again, 'login', published)).toBe('INVALID_CREDENTIALS');
    await again.close();
  });

  it('refuses a database with the demo accounts that npm start made', async () => {
    await database.query(
      `INSERT INTO users (id, email, password_hash, is_demo, created_at, updated_at)
       VALUES ('01890000-0000-7000-8000-000000000001', 'admin@example.com', 'x', true, now(), now())`,
    );
    await expect(start()).rejects.toThrow(ConfigError);
    await expect(start()).rejects.toThrow(/admin@example\.com, which npm start made/);
  });
});
