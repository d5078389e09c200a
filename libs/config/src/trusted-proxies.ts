import { isIP } from 'node:net';
import { z } from 'zod';

/** Ranges by name: those of this machine, of its link, and private ones (RFC 1918, RFC 4193). */
const NAMED_RANGES: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

const isProxy = (entry: string): boolean => {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = BITS[isIP(address)] ?? 0;
  if (NAMED_RANGES.has(entry)) return true;
  if (bits === 0 || rest.length > 0) return false;
  // A range of all addresses would believe every client.
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix >= 1 && +prefix <= bits);
};

/**
 * The proxies whose `X-Forwarded-*` headers are believed: addresses, ranges (`10.0.0.0/8`) or names
 * of ranges, separated by commas. Those of any other peer are ignored: whoever is believed may say
 * that it is another client, and escapes every limit per address.
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
