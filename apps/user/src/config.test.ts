import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeKeyFile } from '@cartograph/auth';
import { ConfigError } from '@cartograph/config';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-user-config-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

const write = (name: string, content: unknown) => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const kept = write('keys.json', makeKeyFile(pem, new Date()));
const development = write('development.json', makeKeyFile(pem, new Date(), 'development'));
const broken = write('broken.json', pem);

const SECRET = 'x'.repeat(32);
const read = (env: Record<string, string>) =>
  readConfig({
    NODE_ENV: 'development',
    USER_DATABASE_URL: 'postgres://a:b@c/d',
    USER_URL: 'https://user.example/graphql',
    JWKS_URL: 'https://user.example/.well-known/jwks.json',
    JWT_ISSUER: 'https://user.example',
    JWT_AUDIENCE: 'shop',
    ROUTER_SECRET: SECRET,
    PRODUCT_SECRET: SECRET,
    ORDER_SECRET: SECRET,
    PAYMENT_SECRET: SECRET,
    ...env,
  }).keys;

describe('the keys of the configuration', () => {
  it('are one in the environment, or many in a file', () => {
    expect(read({ JWT_PRIVATE_KEY: pem }).file).toBeNull();
    const keys = read({ JWT_KEYS_FILE: kept, JWT_PRIVATE_KEY: '' });
    expect(keys.file).toMatchObject({ path: kept, reloadMs: 1_000 });
    expect(keys.ring.jwks.keys).toHaveLength(1);
  });

  it('may be those of development, but not in production', () => {
    expect(read({ JWT_KEYS_FILE: development }).ring.isDevelopment).toBe(true);
    const production = { NODE_ENV: 'production', JWT_KEYS_FILE: kept };
    const keys = read(production);
    expect(keys.ring.isDevelopment).toBe(false);
    // Nor may they come later, to the file that is looked at.
    const before = fs.readFileSync(kept);
    fs.copyFileSync(development, kept);
    expect(keys.file?.read).toThrow('made for development');
    fs.writeFileSync(kept, before);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['both', { JWT_PRIVATE_KEY: pem, JWT_KEYS_FILE: kept }, /exactly one must be set, and both is/],
    ['none', {}, /JWT_KEYS_FILE, JWT_PRIVATE_KEY: exactly one must be set, and neither is/],
    ['no file', { JWT_KEYS_FILE: path.join(folder, 'x') }, /JWT_KEYS_FILE: can't be read \(ENOENT/],
    ['a broken file', { JWT_KEYS_FILE: broken }, /JWT_KEYS_FILE: is not JSON/],
    [
      'keys of development in production',
      { JWT_KEYS_FILE: development, NODE_ENV: 'production' },
      /JWT_KEYS_FILE: has keys that were made for development/,
    ],
  ])('are refused with %s', (_what, env, message) => {
    expect(() => read(env)).toThrow(ConfigError);
    expect(() => read(env)).toThrow(message);
    expect(() => read(env)).not.toThrow(/BEGIN|MII/);
  });
});
