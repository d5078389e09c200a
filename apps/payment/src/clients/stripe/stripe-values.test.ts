import { describe, expect, it } from 'vitest';
import { toStripeAmount } from './stripe-values.ts';

describe('toStripeAmount', () => {
  it.each([
    ['EUR', 1999, 1999],
    ['JPY', 500, 500],
    ['HUF', 1999, 1999],
    // Two digits at Stripe, none by ISO 4217.
    ['ISK', 5000, 500_000],
    ['UGX', 1, 100],
    // None at Stripe, two by ISO 4217.
    ['MGA', 2900, 29],
    ['KWD', 5120, 5120],
    ['EUR', 0, 0],
  ])('converts %s of %d to %d', (currency, amount, expected) => {
    expect(toStripeAmount({ amount, currency })).toBe(expected);
  });

  it.each([
    ['MGA', 2950],
    ['KWD', 5125],
    ['ISK', Number.MAX_SAFE_INTEGER],
  ])('refuses %s of %d', (currency, amount) => {
    expect(toStripeAmount({ amount, currency })).toBeNull();
  });
});
