import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeyFile } from '@cartograph/auth';
import { TEST_SECRETS } from '@cartograph/testing';
import { readConfig } from './config.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const read = (env: Record<string, string>) =>
  readConfig({
    NODE_ENV: 'test',
    USER_DATABASE_URL: 'postgres://user:word@127.0.0.1/user',
    JWT_PRIVATE_KEY: pem,
    JWT_ISSUER: 'http://127.0.0.1:4001',
    ...TEST_SECRETS,
    ...env,
  });

describe('a duration', () => {
  const DAY_MS = 24 * 60 * 60_000;

  it.each(['PURGE_INTERVAL_MS', 'JWT_KEYS_RELOAD_MS', 'HASHES_WAIT_MS', 'SHUTDOWN_DELAY_MS'])(
    'that a timer waits is refused when no timer takes it: %s',
    (name) => {
      expect(() => read({ [name]: String(30 * DAY_MS) })).toThrow(`${name}: `);
    },
  );

  it('that the feed of revoked sessions says as an Int is refused when it is none', () => {
    expect(() => read({ ACCESS_TOKEN_LIFETIME_MS: String(30 * DAY_MS) })).toThrow(
      'ACCESS_TOKEN_LIFETIME_MS: ',
    );
  });

  it('that is only compared with another may be any', () => {
    const given = String(365 * DAY_MS);
    const config = read({ SESSION_ABSOLUTE_MS: given, SESSION_RETENTION_MS: given });
    expect(config.sessionLifetime.absoluteMs).toBe(365 * DAY_MS);
    expect(config.sessionRetentionMs).toBe(365 * DAY_MS);
  });

  it('that ended sessions are stored is a day or more', () => {
    const name = 'SESSION_RETENTION_MS';
    expect(() => read({ [name]: String(DAY_MS - 1) })).toThrow(`${name}: `);
    expect(read({ [name]: String(DAY_MS) }).sessionRetentionMs).toBe(DAY_MS);
  });
});

const PRODUCTION = {
  NODE_ENV: 'production',
  USER_URL: 'https://user.example/graphql',
  JWKS_URL: 'https://user.example/.well-known/jwks.json',
  JWT_ISSUER: 'https://user.example',
  JWT_AUDIENCE: 'shop',
};

describe('the keys', () => {
  let folder: string;

  const writeKeys = (purpose?: 'development'): string => {
    const file = path.join(folder, 'keys.json');
    fs.writeFileSync(file, JSON.stringify(makeKeyFile(pem, new Date(), purpose)));
    return file;
  };

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-config-'));
  });

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  it('are no development keys in production', () => {
    const env = { JWT_PRIVATE_KEY: '', JWT_KEYS_FILE: writeKeys('development') };
    expect(() => read({ ...PRODUCTION, ...env })).toThrow(
      'JWT_KEYS_FILE: has keys that were made for development, and this is production',
    );
    expect(read(env).keys.ring.isDevelopment).toBe(true);
    writeKeys();
    expect(read({ ...PRODUCTION, ...env }).keys.ring.isDevelopment).toBe(false);
  });

  it.each(['neither', 'both'])('come from one variable: %s is refused', (which) => {
    // The file is valid, so that nothing else is refused.
    const JWT_KEYS_FILE = writeKeys();
    const given = which === 'both' ? { JWT_KEYS_FILE } : { JWT_PRIVATE_KEY: '' };
    expect(() => read(given)).toThrow(
      `JWT_KEYS_FILE, JWT_PRIVATE_KEY: exactly one must be set, and ${which} is`,
    );
  });
});

describe('the password in the examples', () => {
  it('is accepted except in production', () => {
    expect(read({}).allowedPasswords).not.toEqual([]);
    expect(read(PRODUCTION).allowedPasswords).toEqual([]);
  });
});

describe('THROTTLE_STORE', () => {
  const REDIS_URL = 'redis://127.0.0.1:6379';

  it('is memory, and then no Redis is used', () => {
    expect(read({ REDIS_URL }).throttle.store).toEqual({ kind: 'memory' });
  });

  it('may be redis, and then REDIS_URL must be set', () => {
    expect(read({ THROTTLE_STORE: 'redis', REDIS_URL }).throttle.store).toEqual({
      kind: 'redis',
      url: REDIS_URL,
    });
    expect(() => read({ THROTTLE_STORE: 'redis' })).toThrow(
      'REDIS_URL: is not set, and THROTTLE_STORE is redis',
    );
  });
});
