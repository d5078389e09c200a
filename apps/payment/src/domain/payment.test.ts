import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { chargeKey, parseChargeKey } from './payment.ts';

const orderId = randomUUID();

describe('a charge key', () => {
  it('contains the order and the attempt; other texts are not valid', () => {
    const attempt = { orderId, attempt: 12 };
    expect(parseChargeKey(chargeKey(attempt))).toEqual(attempt);
    const others = ['', ':', 'x:1', orderId, `${orderId}:`, `${orderId}:1:1`, ` ${orderId}:1`];
    for (const key of others) expect(parseChargeKey(key)).toBeNull();
  });
});
