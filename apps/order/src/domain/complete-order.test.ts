import { beforeEach, describe, expect, it } from '@jest/globals';
import type { PaymentClient, PaymentOutcome } from './payment-client.ts';
import { makeOrderCompletion } from './complete-order.ts';
import type { Cause, OrderStore } from './order-store.ts';
import type { InventoryClient } from './inventory-client.ts';
import { statusesBefore, type Destination, type Order } from './order.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

let order: Order;
let outcome: PaymentOutcome | null;
let stockLeft: 'SOLD' | 'GONE';
let done: string[];
let causes: Cause[];

const store = {
  findOrders: async () => [order],
  moveOrder: async (_id: string, to: Destination, cause: Cause) => {
    if (!statusesBefore(to).includes(order.status)) return null;
    causes.push(cause);
    const cancellation = to.status === 'CANCELLED' ? { reason: to.reason, at: new Date() } : null;
    order = { ...order, status: to.status, cancellation };
    return order;
  },
  schedulePoll: async () => void done.push('poll'),
  requestRefund: async () => void done.push('request refund'),
  recordSettled: async ({ status }: Order) => void done.push(`settled ${status}`),
} as Partial<OrderStore> as OrderStore;

const inventory = {
  commit: async () => {
    done.push('commit');
    return stockLeft;
  },
  release: async () => void done.push('release'),
} as Partial<InventoryClient> as InventoryClient;

const payments = {
  findOutcome: async () => outcome,
  refund: async ({ reason }: { reason: string }) => void done.push(`refund ${reason}`),
} as Partial<PaymentClient> as PaymentClient;

const { complete, resolve, refund } = makeOrderCompletion({
  store,
  inventory,
  payments,
  onSettleDeferred: () => undefined,
});

/** A pending order whose time to pay ended `endedMs` ago. */
const pending = (endedMs: number): Order =>
  ({
    id: 'order',
    status: 'PENDING',
    cancellation: null,
    createdAt: new Date(Date.now() - 15 * MINUTE_MS),
    reservedUntil: new Date(Date.now() - endedMs),
  }) as Order;

const cancelled = (reason: 'EXPIRED' | 'CUSTOMER_REQUEST' = 'CUSTOMER_REQUEST'): Order => ({
  ...pending(0),
  status: 'CANCELLED',
  cancellation: { reason, at: new Date() },
});

beforeEach(() => {
  order = pending(0);
  outcome = null;
  stockLeft = 'SOLD';
  done = [];
  causes = [];
});

describe('a settled payment', () => {
  it('confirms the order and commits its stock', async () => {
    const end = await complete(order, { status: 'SUCCEEDED' });
    expect([end.status, done]).toEqual(['CONFIRMED', ['commit', 'settled CONFIRMED']]);
    expect(causes).toMatchObject([{ paymentResult: 'SUCCEEDED' }]);
  });

  it.each<[PaymentOutcome, string]>([
    [{ status: 'FAILED', reason: 'card_declined' }, 'card_declined'],
    [{ status: 'REFUNDED' }, 'REFUNDED'],
  ])('with %j cancels the order and releases its stock', async (settled, paymentResult) => {
    const end = await complete(order, settled);
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED' } });
    expect([done, causes[0]?.paymentResult]).toEqual([
      ['release', 'settled CANCELLED'],
      paymentResult,
    ]);
  });

  it('is refunded when the order was cancelled before', async () => {
    order = cancelled();
    expect((await complete(pending(0), { status: 'SUCCEEDED' })).status).toBe('CANCELLED');
    expect(done).toEqual(['request refund']);
  });

  it('is refunded when the stock was sold to others, and the order is cancelled', async () => {
    stockLeft = 'GONE';
    const end = await complete(order, { status: 'SUCCEEDED' });
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'OUT_OF_STOCK' } });
    expect(done).toEqual(['commit', 'release', 'settled CANCELLED', 'request refund']);
  });
});

describe('an order that is checked', () => {
  it.each([
    [29 * SECOND_MS, 'PENDING', ['poll']],
    [31 * SECOND_MS, 'CANCELLED', ['release', 'settled CANCELLED']],
  ])('is, %d ms after its time without a payment, %s', async (endedMs, status, what) => {
    order = pending(endedMs);
    expect([(await resolve('order')).status, done]).toEqual([status, what]);
  });

  it.each([
    [7.9 * MINUTE_MS, 'PENDING', ['poll']],
    [8.1 * MINUTE_MS, 'CANCELLED', ['release', 'settled CANCELLED', 'poll']],
  ])('is, %d ms after its time with a pending payment, %s', async (endedMs, status, what) => {
    order = pending(endedMs);
    outcome = { status: 'PROCESSING' };
    expect([(await resolve('order')).status, done]).toEqual([status, what]);
  });

  it('stays confirmed when its payment was refunded', async () => {
    order = { ...pending(0), status: 'CONFIRMED' };
    outcome = { status: 'REFUNDED' };
    expect([(await resolve('order')).status, done]).toEqual(['CONFIRMED', []]);
  });
});

describe('the refund of an order', () => {
  it('is for cancelled orders only', async () => {
    order = cancelled('EXPIRED');
    await refund('order', 1);
    expect(done).toEqual(['refund EXPIRED']);
    for (const status of ['PENDING', 'CONFIRMED'] as const) {
      order = { ...pending(0), status };
      await expect(refund('order', 1)).rejects.toThrow('is not refunded');
    }
    expect(done).toEqual(['refund EXPIRED']);
  });
});
