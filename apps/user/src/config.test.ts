import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TEST_SECRETS } from '@cartograph/testing';
import { readConfig } from './config.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const read = (env: Record<string, string>) =>
  readConfig({
    NODE_ENV: 'test',
    USER_DATABASE_URL: 'postgres://user:word@127.0.0.1/user',
    JWT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
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
