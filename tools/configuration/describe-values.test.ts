import {
  httpUrl,
  milliseconds,
  port,
  postgresUrl,
  secret,
  trustedProxies,
} from '@cartograph/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeValues, readDefault } from './describe-values.ts';

describe('describeValues', () => {
  it.each<[string, z.ZodType]>([
    ['whole number, 0 to 65535', port().default(80)],
    ['whole number, 1 or more', milliseconds().optional()],
    ['number, 0 to 1', z.coerce.number().min(0).max(1)],
    ['`late`, `all`', z.enum(['late', 'all']).default('late')],
    ['address, http or https', httpUrl()],
    ['address, postgres', postgresUrl()],
    ['text, 32 characters or more', secret()],
    ['text', trustedProxies()],
  ])('says %s', (text, field) => {
    expect(describeValues(field)).toBe(text);
  });
});

describe('readDefault', () => {
  it('is the value of a variable that is not set', () => {
    expect(readDefault(port().default(80))).toBe('80');
    expect(readDefault(trustedProxies().default('loopback'))).toBe('loopback');
    expect(readDefault(milliseconds().optional())).toBeUndefined();
    expect(readDefault(secret())).toBeUndefined();
  });
});
