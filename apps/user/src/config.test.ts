import { TEST_SECRETS } from '@cartograph/testing';
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
const keyFile = write('keys.json', makeKeyFile(pem, new Date()));
const development = write('development.json', makeKeyFile(pem, new Date(), 'development'));
const broken = write('broken.json', pem);

const readAll = (env: Record<string, string>) =>
  readConfig({
    NODE_ENV: 'development',
    USER_DATABASE_URL: 'postgres://a:b@c/d',
    USER_URL: 'https://user.example/graphql',
    JWKS_URL: 'https://user.example/.well-known/jwks.json',
    JWT_ISSUER: 'https://user.example',
    JWT_AUDIENCE: 'shop',
    ...TEST_SECRETS,
    ...env,
  });
const read = (env: Record<string, string>) => readAll(env).keys;

describe('the configured keys', () => {
  it('come from one variable or from a file', () => {
    expect(read({ JWT_PRIVATE_KEY: pem }).file).toBeNull();
    const keys = read({ JWT_KEYS_FILE: keyFile, JWT_PRIVATE_KEY: '' });
    expect(keys.file).toMatchObject({ path: keyFile, reloadMs: 1_000 });
    expect(keys.ring.jwks.keys).toHaveLength(1);
  });

  it('may be for development, except in production', () => {
    expect(read({ JWT_KEYS_FILE: development }).ring.isDevelopment).toBe(true);
    const production = { NODE_ENV: 'production', JWT_KEYS_FILE: keyFile };
    const keys = read(production);
    expect(keys.ring.isDevelopment).toBe(false);
    // The same applies when the file is reloaded.
    const before = fs.readFileSync(keyFile);
    fs.copyFileSync(development, keyFile);
    expect(keys.file?.read).toThrow('made for development');
    fs.writeFileSync(keyFile, before);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'both',
      { JWT_PRIVATE_KEY: pem, JWT_KEYS_FILE: keyFile },
      /exactly one must be set, and both is/,
    ],
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

describe('the configured limits', () => {
  const withKey = (env: Record<string, string>) => readAll({ JWT_PRIVATE_KEY: pem, ...env });

  it('have defaults', () => {
    expect(withKey({})).toMatchObject({
      maxSessions: 100,
      sessionLifetime: { idleMs: 14 * 86_400_000, absoluteMs: 90 * 86_400_000 },
      sessionRetentionMs: 7 * 86_400_000,
      purgeIntervalMs: 600_000,
      hashing: { concurrency: 2, queue: 100 },
      hashingShares: { perAccount: 10, perAddress: 50 },
    });
  });

  it.each([
    ['SESSION_RETENTION_MS', '86399999', '86400000'],
    ['PURGE_INTERVAL_MS', '999', '1000'],
    ['SESSIONS_PER_ACCOUNT', '0', '1'],
    ['SESSIONS_PER_ACCOUNT', '10001', '10000'],
    ['HASHES_PER_ACCOUNT', '0', '1'],
    ['HASHES_PER_ADDRESS', '0', '1'],
  ])('refuse %s=%s', (name, bad, good) => {
    expect(() => withKey({ [name]: bad })).toThrow(name);
    expect(() => withKey({ [name]: good })).not.toThrow();
  });

  it('allow the common password of the examples, except in production', () => {
    expect(withKey({}).allowedPasswords).toEqual(['P@ssw0rd']);
    expect(withKey({ NODE_ENV: 'production' }).allowedPasswords).toEqual([]);
  });
});
