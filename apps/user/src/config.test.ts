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
