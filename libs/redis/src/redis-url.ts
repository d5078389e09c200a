import { isPercentEncoded, NOT_PERCENT_ENCODED } from '@cartograph/config';
import { z } from 'zod';

const isRedisUrl = (text: string): boolean => {
  const url = URL.parse(text);
  if (!url || url.hostname === '' || !['redis:', 'rediss:'].includes(url.protocol)) return false;
  // The path is the number of a database.
  return /^(\/\d*)?$/.test(url.pathname);
};

/** The address of a Redis: `redis://user:password@host:6379/0`, or `rediss://...` with TLS. */
export const redisUrl = (): z.ZodType<string, unknown> =>
  z
    .string()
    .refine(isRedisUrl, 'is not a redis:// or rediss:// address')
    .refine(isPercentEncoded, NOT_PERCENT_ENCODED);
