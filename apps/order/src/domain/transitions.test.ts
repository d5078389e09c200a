import { describe, expect, it } from '@jest/globals';
import type { CancellationReason } from './order.ts';
import { statusesBefore, statusesForAdmin, TRANSITIONS } from './transitions.ts';

const cancelled = (reason: CancellationReason) => statusesBefore({ status: 'CANCELLED', reason });

describe('the life of an order', () => {
  it('is confirmed from pending alone', () => {
    expect(statusesBefore({ status: 'CONFIRMED' })).toEqual(['PENDING']);
  });

  it.each<CancellationReason>(['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'ADMIN'])(
    'is cancelled for %s from pending alone',
    (reason) => {
      expect(cancelled(reason)).toEqual(['PENDING']);
    },
  );

  it('ends after it was confirmed for one reason only: its stock is gone', () => {
    expect(cancelled('OUT_OF_STOCK')).toEqual(['CONFIRMED']);
  });

  it('never begins again', () => {
    expect(Object.values(TRANSITIONS).flat()).not.toContainEqual(
      expect.objectContaining({ to: 'PENDING' }),
    );
    expect(TRANSITIONS.CANCELLED).toEqual([]);
  });

  it('is for an administrator to change while it is pending', () => {
    expect(statusesForAdmin('PENDING')).toEqual(['CONFIRMED', 'CANCELLED']);
    expect(statusesForAdmin('CONFIRMED')).toEqual([]);
    expect(statusesForAdmin('CANCELLED')).toEqual([]);
  });
});
