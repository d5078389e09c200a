import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';
import { trustedProxies } from './fields.ts';

const read = (TRUSTED_PROXIES: string) =>
  parseEnv(z.object({ TRUSTED_PROXIES: trustedProxies() }), { TRUSTED_PROXIES }).TRUSTED_PROXIES;

describe('trustedProxies', () => {
  it.each([
    ['loopback', 'loopback'],
    ['loopback, 10.0.0.0/8 ,uniquelocal', 'loopback,10.0.0.0/8,uniquelocal'],
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8::/32', '2001:db8::/32'],
  ])('may be %s', (text, entries) => {
    expect(read(text)).toBe(entries);
  });

  it.each([
    'true',
    '*',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    'a',
    ',',
  ])('cannot be %s', (text) => {
    expect(() => read(text)).toThrow(/TRUSTED_PROXIES: must be addresses/);
  });
});
