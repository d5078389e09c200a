import { describe, expect, it } from 'vitest';
import { clientNames, MAX_CLIENT_NAMES } from './measure-clients.ts';

describe('the names of clients in metrics', () => {
  it('are those that are configured, without repetition', () => {
    expect(clientNames().parse(undefined)).toEqual([]);
    expect(clientNames().parse(' storefront , iOS app,storefront')).toEqual([
      'storefront',
      'iOS app',
    ]);
  });

  it('are refused when they are no names, or too many', () => {
    const names = Array.from({ length: MAX_CLIENT_NAMES + 1 }, (_, index) => `client-${index}`);
    expect(clientNames().safeParse(names.slice(1).join()).success).toBe(true);
    expect(clientNames().safeParse(names.join()).success).toBe(false);
    expect(clientNames().safeParse('a"b').success).toBe(false);
  });
});
