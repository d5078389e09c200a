import { describe, expect, it } from 'vitest';
import { judgeOrder } from './judge-order.ts';
import type { OrderRecord, PaymentRecord, ReservationRecord } from './records.ts';

const orderId = 'order';

const order = (fields: Partial<OrderRecord>): OrderRecord => ({
  id: orderId,
  status: 'CONFIRMED',
  total: '500',
  currency: 'EUR',
  isStarted: true,
  outcome: 'SUCCEEDED',
  isStockSettled: true,
  isRefundPlanned: false,
  isRecent: false,
  ...fields,
});

const payment = (fields: Partial<PaymentRecord> = {}): PaymentRecord => ({
  orderId,
  status: 'SUCCEEDED',
  amount: '500',
  currency: 'EUR',
  isCaptured: true,
  isKept: true,
  ...fields,
});

const reservation = (status: ReservationRecord['status']): ReservationRecord => ({
  orderId,
  status,
});

const kindsOf = (...records: Parameters<typeof judgeOrder>) =>
  judgeOrder(...records).map(({ kind }) => kind);

const NEW = { status: 'PENDING', isStarted: false, outcome: null, isStockSettled: false } as const;
const ENDED = { status: 'CANCELLED', isStarted: false, outcome: null } as const;

describe('an order that its peers agree with', () => {
  it('is paid and sold, new, or cancelled', () => {
    expect(kindsOf(order({}), payment(), reservation('COMMITTED'))).toEqual([]);
    expect(kindsOf(order(NEW), null, reservation('HELD'))).toEqual([]);
    expect(kindsOf(order(ENDED), null, reservation('RELEASED'))).toEqual([]);
    const refunded = payment({ status: 'REFUNDED', isKept: false });
    expect(kindsOf(order({ ...ENDED }), refunded, reservation('RELEASED'))).toEqual([]);
  });

  it('has a step left that will find out', () => {
    const checked = order({ ...NEW, isStarted: true });
    expect(kindsOf(checked, payment(), reservation('HELD'))).toEqual([]);
    const owed = order({ ...ENDED, isStarted: true, outcome: 'SUCCEEDED', isRefundPlanned: true });
    expect(kindsOf(owed, payment(), reservation('RELEASED'))).toEqual([]);
    const unsettled = order({ isStockSettled: false });
    expect(kindsOf(unsettled, payment(), reservation('HELD'))).toEqual([]);
    const expiring = order({ ...ENDED });
    expect(kindsOf(expiring, null, reservation('HELD'))).toEqual([]);
  });

  it('closed its payment before it began', () => {
    const closed = order({ ...ENDED, isStarted: true, outcome: 'NONE' });
    expect(kindsOf(closed, null, reservation('RELEASED'))).toEqual([]);
  });
});

describe('an order that differs', () => {
  it('has no payment, or one of another sum or currency, or one that took nothing', () => {
    const sold = reservation('COMMITTED');
    expect(kindsOf(order({}), null, sold)).toEqual(['payment missing']);
    expect(kindsOf(order({}), payment({ amount: '499' }), sold)).toEqual(['amount differs']);
    expect(kindsOf(order({}), payment({ currency: 'USD' }), sold)).toEqual(['amount differs']);
    const declined = payment({ status: 'FAILED', isCaptured: false, isKept: false });
    expect(kindsOf(order({}), declined, sold)).toEqual(['not paid']);
  });

  it('was paid without knowing it', () => {
    expect(kindsOf(order(NEW), payment(), reservation('COMMITTED'))).toEqual([
      'paid, not confirmed',
    ]);
    const cancelled = order({ ...ENDED, isStarted: true, outcome: 'SUCCEEDED' });
    expect(kindsOf(cancelled, payment(), null)).toEqual(['not refunded']);
  });

  it('has no stock, or stock in another state', () => {
    expect(kindsOf(order(NEW), null, null)).toEqual(['reservation missing']);
    expect(kindsOf(order({}), payment(), null)).toEqual(['reservation missing']);
    expect(kindsOf(order({}), payment(), reservation('HELD'))).toEqual(['stock not sold']);
    expect(kindsOf(order(ENDED), null, reservation('COMMITTED'))).toEqual(['stock not released']);
  });
});
