import { randomUUID } from 'node:crypto';
import type { Payment } from '../src/domain/payment.ts';

/** A payment of a new order that is not stored: 10 euros. */
export const newPayment = (): Payment => {
  const now = new Date();
  return {
    id: randomUUID(),
    orderId: randomUUID(),
    attempt: 1,
    userId: randomUUID(),
    status: 'PROCESSING',
    amount: { amount: 1_000, currency: 'EUR' },
    provider: 'bank',
    method: 'card',
    reference: null,
    failure: null,
    chargeUntil: null,
    capturedAt: null,
    refunding: 0,
    notifyAt: null,
    createdAt: now,
    updatedAt: now,
  };
};
