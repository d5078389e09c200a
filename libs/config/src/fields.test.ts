import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';
import { postgresUrl, trustedProxies } from './fields.ts';

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

describe('postgresUrl', () => {
  it.each(['postgres://shop:s%40crt@db/shop', 'postgresql://db:5432/shop?sslmode=require'])(
    'may be %s',
    (text) => {
      expect(postgresUrl().parse(text)).toBe(text);
    },
  );

  it.each([
    ['http://db/shop', /Invalid URL/],
    ['postgres://shop:50%off@db/shop', 'is not percent-encoded: % is %25'],
    ['postgres://db/50%', 'is not percent-encoded: % is %25'],
  ])('cannot be %s', (text, message) => {
    const { error } = postgresUrl().safeParse(text);
    expect(error?.issues.map((issue) => issue.message)).toEqual([expect.stringMatching(message)]);
  });
});
