import { describe, expect, it } from 'vitest';
import { type PaidOrder, viewOrder } from './order.ts';

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
} as unknown as PaidOrder;

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
