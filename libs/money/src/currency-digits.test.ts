import { describe, expect, it } from '@jest/globals';
import { currencyDigits } from './currency-digits.ts';

describe('currencyDigits', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['UGX', 0],
    ['UYI', 0],
    ['KWD', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('knows how many %s has by ISO 4217', (currency, digits) => {
    expect(currencyDigits(currency)).toBe(digits);
  });

  it.each(['HUF', 'COP', 'IDR', 'PKR'])('is 2 for %s, whatever Intl says', (currency) => {
    expect(currencyDigits(currency)).toBe(2);
  });

  it('is 3 for IQD, whatever Intl says', () => {
    expect(currencyDigits('IQD')).toBe(3);
  });
});
