import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@cartograph/config';
import {
  makeTestDatabase,
  makeTokenMaker,
  TEST_SECRET,
  testInfrastructure,
  type TestDatabase,
  type TokenMaker,
} from '@cartograph/testing';
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
  JWT_PRIVATE_KEY: tokens.privateKeyPem,
  ROUTER_SECRET: TEST_SECRET,
  PRODUCT_SECRET: TEST_SECRET,
  ORDER_SECRET: TEST_SECRET,
  PAYMENT_SECRET: TEST_SECRET,
  ...given,
});

const start = () => makeServer({ config: readConfig(environment()), ...testInfrastructure() });

describe('production', () => {
  it('refuses secrets that npm start made, naming each and repeating none', () => {
    const secret = `dev-${'x'.repeat(43)}`;
    const read = () => readConfig(environment({ ROUTER_SECRET: secret, ORDER_SECRET: secret }));
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/ROUTER_SECRET: is a development secret[^]*ORDER_SECRET/);
    expect(read).not.toThrow(new RegExp(secret));
  });

  it('refuses to hold a demo account, and starts without', async () => {
    const app = await start();
    await app.close();
    await database.query(
      `INSERT INTO users (id, email, password_hash, created_at, updated_at)
       VALUES ('01890000-0000-7000-8000-000000000000', 'admin@example.com', 'x', now(), now())`,
    );
    await expect(start()).rejects.toThrow(/admin@example\.com/);
  });
});
