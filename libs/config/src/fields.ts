import { isIP } from 'node:net';
import { z } from 'zod';
import { ConfigError } from './parse-env.ts';

/** A TCP port; 0 lets the system choose one. */
export const port = (): z.ZodType<number, unknown> => z.coerce.number().int().min(0).max(65_535);

/** A whole number of milliseconds, at least 1. */
export const milliseconds = (): z.ZodType<number, unknown> => z.coerce.number().int().min(1);

/** A whole number of milliseconds, `min` or more. */
export const millisecondsFrom = (min: number): z.ZodType<number, unknown> =>
  z.coerce.number().int().min(min);

/**
 * The longest time that a timer may be set to, in milliseconds: Node's fire after one millisecond when it is more
 * than 2^31 - 1. Below that, since some timers wait for a time and a margin.
 */
const MAX_TIMER_MS = 24 * 24 * 60 * 60_000;

/** A whole number of milliseconds, at least 1, that a timer waits. */
export const timerMilliseconds = (): z.ZodType<number, unknown> => timerMillisecondsFrom(1);

/** A whole number of milliseconds, `min` or more, that a timer waits. */
export const timerMillisecondsFrom = (min: number): z.ZodType<number, unknown> =>
  z.coerce.number().int().min(min).max(MAX_TIMER_MS);

/** An http or https address. */
export const httpUrl = (): z.ZodType<string, unknown> => z.url({ protocol: /^https?$/ });

/** Whether each `%` of an address begins a character, as its client will decode it. */
export const isPercentEncoded = (address: string): boolean => {
  try {
    decodeURIComponent(address);
    return true;
  } catch {
    return false;
  }
};

/** What is wrong with an address that is not percent-encoded. */
export const NOT_PERCENT_ENCODED = 'is not percent-encoded: % is %25';

/** The address of a Postgres database, with role and password in it. */
export const postgresUrl = (): z.ZodType<string, unknown> =>
  z.url({ protocol: /^postgres(ql)?$/ }).refine(isPercentEncoded, NOT_PERCENT_ENCODED);

/** A secret that two processes share: at least 32 characters. */
export const secret = (): z.ZodType<string, unknown> => z.string().min(32);

/** A PEM text. `\n` may stand for a line break, as in .env files. */
export const pem = (): z.ZodType<string, unknown> =>
  z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => text.includes('-----BEGIN '), 'is not a PEM text');

/** Names of ranges: loopback, link-local and private addresses (RFC 1918, RFC 4193). */
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

const isProxy = (entry: string): boolean => {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = BITS[isIP(address)] ?? 0;
  if (NAMED_RANGES.has(entry)) return true;
  if (bits === 0 || rest.length > 0) return false;
  // A range of all addresses would trust every client.
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix >= 1 && +prefix <= bits);
};

/**
 * The proxies whose `X-Forwarded-*` headers are trusted: addresses, ranges (`10.0.0.0/8`) or names of
 * ranges, separated by commas. The headers of other peers are ignored: with them, a client could
 * claim another address and escape every limit per address.
 */
export const trustedProxies = (): z.ZodType<string, unknown> =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine(
      (entries) => entries.every(isProxy),
      'must be addresses, ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
    )
    .transform((entries) => entries.join(','));

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/**
 * Reads CORS_ORIGINS: the web origins whose pages may send requests, separated by commas. The default
 * is any (`*`) in development and none in production.
 * @throws ConfigError for a text that is no origin, and for `*` in production
 */
export const readCorsOrigins = (list: string | undefined, environment: string): string[] => {
  const isProduction = environment === 'production';
  if (list === undefined) return isProduction ? [] : ['*'];
  const origins = list.split(',').map((origin) => origin.trim());
  if (isProduction && origins.includes('*')) {
    throw new ConfigError(['CORS_ORIGINS: name the origins; * is refused in production']);
  }
  if (!origins.every((origin) => origin === '*' || isOrigin(origin))) {
    throw new ConfigError(['CORS_ORIGINS: must be origins such as https://shop.example, or *']);
  }
  return origins;
};
