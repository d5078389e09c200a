import { describe, expect, it } from 'vitest';
import { toFailureCode, toStripeAmount } from './stripe-values.ts';

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

describe('toFailureCode', () => {
  it.each([
    'fraudulent',
    'lost_card',
    'merchant_blacklist',
    'pickup_card',
    'restricted_card',
    'security_violation',
    'stolen_card',
  ])('hides %s', (code) => {
    expect(toFailureCode({ decline_code: code, code: 'expired_card' })).toBe('card_declined');
    expect(toFailureCode({ code })).toBe('card_declined');
  });

  it('is the decline code, else the code', () => {
    const code = 'expired_card';
    expect(toFailureCode({ decline_code: 'do_not_honor', code })).toBe('do_not_honor');
    expect(toFailureCode({ decline_code: '', code })).toBe(code);
  });
});
