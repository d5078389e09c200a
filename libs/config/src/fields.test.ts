import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';
import {
  milliseconds,
  millisecondsFrom,
  postgresUrl,
  timerMilliseconds,
  timerMillisecondsFrom,
  trustedProxies,
} from './fields.ts';

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

describe('timerMilliseconds', () => {
  /** Node's timers fire after a millisecond for any longer time. */
  const TIMER_MAX = 2_147_483_647;
  const HOUR_MS = 60 * 60_000;

  it.each([timerMilliseconds(), timerMillisecondsFrom(0)])(
    'are no more than a timer takes, with an hour to spare',
    (field) => {
      expect(field.parse('15000')).toBe(15_000);
      expect(field.parse(String(20 * 24 * HOUR_MS))).toBe(20 * 24 * HOUR_MS);
      for (const value of [TIMER_MAX - HOUR_MS, TIMER_MAX, 30 * 24 * HOUR_MS]) {
        expect(field.safeParse(String(value)).success).toBe(false);
      }
    },
  );

  it('have the least value that is asked for', () => {
    expect(timerMilliseconds().safeParse('0').success).toBe(false);
    expect(timerMillisecondsFrom(0).parse('0')).toBe(0);
    expect(timerMillisecondsFrom(1_000).safeParse('999').success).toBe(false);
  });

  it('differ from milliseconds, which no timer waits', () => {
    expect(milliseconds().parse(String(90 * 24 * HOUR_MS))).toBe(90 * 24 * HOUR_MS);
  });
});

describe('millisecondsFrom', () => {
  it('have the least value that is asked for', () => {
    expect(millisecondsFrom(1_000).safeParse('999').success).toBe(false);
    expect(millisecondsFrom(1_000).parse('1000')).toBe(1_000);
  });
});
