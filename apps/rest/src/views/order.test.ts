import { ShopError } from '@cartograph/errors';
import { describe, expect, it } from 'vitest';
import { viewOrder, viewPaidOrder } from './order.ts';

type PaidOrder = Parameters<typeof viewPaidOrder>[0];

const order = {
  __typename: 'Order',
  id: 'o',
  number: 'C-1',
  status: 'PENDING',
  total: { amount: 500, currency: 'EUR' },
  items: [
    {
      sku: 'MUG',
      name: 'Mug',
      quantity: 2,
      unitPrice: { amount: 250, currency: 'EUR' },
      lineTotal: { amount: 500, currency: 'EUR' },
      product: null,
    },
  ],
  createdAt: '2026-01-31T12:00:00.000Z',
  reservedUntil: '2026-01-31T12:15:00.000Z',
  cancellation: null,
  paymentStatus: null,
  payments: [
    { id: 'first', status: 'FAILED' },
    { id: 'last', status: 'REFUNDED' },
  ],
} as unknown as PaidOrder;

const paymentOf = (change: object, isKept: boolean) =>
  viewPaidOrder({ ...order, ...change }, isKept).payment;

describe('an order that was paid', () => {
  it('shows its newest payment as it is', () => {
    expect(paymentOf({}, false)).toEqual({ id: 'last', status: 'REFUNDED' });
    expect(paymentOf({ paymentStatus: 'SUCCEEDED' }, false).status).toBe('REFUNDED');
  });

  it.each([
    ['PENDING', 'PROCESSING'],
    ['CONFIRMED', 'SUCCEEDED'],
    ['CANCELLED', 'SUCCEEDED'],
  ])('shows in a repeat of %s without a status what it was: %s', (status, then) => {
    expect(paymentOf({ status }, true)).toEqual({ id: 'last', status: then });
  });

  it.each(['PROCESSING', 'SUCCEEDED', 'FAILED'])(
    'shows in a repeat the status that was kept: %s',
    (paymentStatus) => {
      expect(paymentOf({ paymentStatus }, true).status).toBe(paymentStatus);
    },
  );

  it.each([{ payments: [] }, { payments: null }])('is UNAVAILABLE with %j', (change) => {
    expect(() => paymentOf(change, false)).toThrow(ShopError);
    expect(() => paymentOf(change, true)).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  });
});

describe('an order', () => {
  it('has a line whose product is gone', () => {
    expect(viewOrder(order).items).toEqual([
      {
        product_id: null,
        sku: 'MUG',
        name: 'Mug',
        qty: 2,
        price_cents: 250,
        line_total_cents: 500,
      },
    ]);
  });

  it('says why it was cancelled, where it was', () => {
    expect(viewOrder(order)).not.toHaveProperty('cancellation');
    const cancellation = { reason: 'EXPIRED', at: '2026-01-31T12:15:00.000Z', note: 'hidden' };
    const cancelled = { ...order, cancellation } as unknown as PaidOrder;
    expect(viewOrder(cancelled).cancellation).toEqual({
      reason: 'EXPIRED',
      at: '2026-01-31T12:15:00.000Z',
    });
  });
});
