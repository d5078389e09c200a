import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { chargeKey, readChargeKey } from './payment.ts';

const orderId = randomUUID();

describe("a charge's key", () => {
  it('says order and attempt, and nothing else is one', () => {
    const attempt = { orderId, attempt: 12 };
    expect(readChargeKey(chargeKey(attempt))).toEqual(attempt);
    const others = ['', ':', 'x:1', orderId, `${orderId}:`, `${orderId}:1:1`, ` ${orderId}:1`];
    for (const key of others) expect(readChargeKey(key)).toBeNull();
  });
});
