import { describe, expect, it } from 'vitest';
import { formatOrderNumber, parseOrderNumber } from './order-number.ts';

describe('the number of an order', () => {
  it('is read as it is written', () => {
    for (const number of [1, 42, 899_999, 2_147_483_647]) {
      expect(parseOrderNumber(formatOrderNumber(number))).toBe(number);
    }
    expect(formatOrderNumber(42)).toBe('C-100042');
  });

  it.each(['', 'C-', 'C-100000', 'C-42', 'c-100042', 'C-0100042', 'C-100042 ', 'C-1e6', '100042'])(
    'is never %j',
    (text) => expect(parseOrderNumber(text)).toBeNull(),
  );

  it('fits its column', () => {
    expect(parseOrderNumber('C-2147583648')).toBeNull();
    expect(parseOrderNumber('C-9999999999')).toBeNull();
  });
});
