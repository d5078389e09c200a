import { describe, expect, it } from 'vitest';
import { TEST_SECRETS } from '@cartograph/testing';
import { readConfig } from './config.ts';

const read = (env: Record<string, string>) =>
  readConfig({
    NODE_ENV: 'test',
    ORDER_DATABASE_URL: 'postgres://shop:word@127.0.0.1/order',
    JWT_ISSUER: 'http://127.0.0.1:4001',
    ...TEST_SECRETS,
    ...env,
  });

describe('IDEMPOTENCY_RETENTION_MS', () => {
  const DAY_MS = 24 * 60 * 60_000;

  it('is a day or more', () => {
    const name = 'IDEMPOTENCY_RETENTION_MS';
    expect(() => read({ [name]: String(DAY_MS - 1) })).toThrow(`${name}: `);
    expect(read({ [name]: String(DAY_MS) }).idempotencyRetentionMs).toBe(DAY_MS);
  });
});
