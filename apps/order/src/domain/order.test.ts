import { describe, expect, it } from 'vitest';
import { statusesBefore, statusesForAdmin, TRANSITIONS, type CancellationReason } from './order.ts';

const cancelled = (reason: CancellationReason) => statusesBefore({ status: 'CANCELLED', reason });

describe('the transitions of an order', () => {
  it('confirm it only when it is pending', () => {
    expect(statusesBefore({ status: 'CONFIRMED' })).toEqual(['PENDING']);
  });

  it.each<CancellationReason>(['PAYMENT_FAILED', 'EXPIRED', 'CUSTOMER_REQUEST', 'ADMIN'])(
    'cancel it for %s only when it is pending',
    (reason) => {
      expect(cancelled(reason)).toEqual(['PENDING']);
    },
  );

  it('cancel a confirmed order only when its stock is gone', () => {
    expect(cancelled('OUT_OF_STOCK')).toEqual(['CONFIRMED']);
  });

  it('never lead back to pending', () => {
    expect(Object.values(TRANSITIONS).flat()).not.toContainEqual(
      expect.objectContaining({ to: 'PENDING' }),
    );
    expect(TRANSITIONS.CANCELLED).toEqual([]);
  });

  it('are open to an administrator only while it is pending', () => {
    expect(statusesForAdmin('PENDING')).toEqual(['CONFIRMED', 'CANCELLED']);
    expect(statusesForAdmin('CONFIRMED')).toEqual([]);
    expect(statusesForAdmin('CANCELLED')).toEqual([]);
  });
});
