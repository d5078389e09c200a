import { beforeEach, describe, expect, it } from 'vitest';
import { makeOrderCompletion } from './complete-order.ts';
import type { InventoryClient } from './inventory-client.ts';
import type { OrderState, OrderWork } from './next-step.ts';
import type { Cause, KeyedResponse, OrderStore } from './order-store.ts';
import { statusesBefore, type CancellationReason, type Order } from './order.ts';
import type { PaymentClient, PaymentOutcome } from './payment-client.ts';
import { makeProcessDueOrder } from './process-due-order.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

let order: Order;
let work: OrderWork;
let outcome: PaymentOutcome | null;
let stockLeft: 'SOLD' | 'GONE';
let done: string[];
let causes: Cause[];
let saved: KeyedResponse | null;

const move = (to: Order['status'], cancellation: Order['cancellation'], cause: Cause) => {
  causes.push(cause);
  order = { ...order, status: to, cancellation };
  return order;
};

const store = {
  findState: async () => ({ order, work, now: new Date() }),
  confirmOrder: async (_order: Order, cause: Cause) =>
    order.status === 'PENDING' ? move('CONFIRMED', null, cause) : null,
  cancelOrder: async (_order: Order, reason: CancellationReason, cause: Cause) =>
    statusesBefore({ status: 'CANCELLED', reason }).includes(order.status)
      ? move('CANCELLED', { reason, at: new Date() }, cause)
      : null,
  oweRefund: async () => void done.push('owe refund'),
  recordOutcome: async (_id: string, known: string) => void done.push(`outcome ${known}`),
  recordRefunded: async () => void done.push('refunded'),
  recordSettled: async ({ status }: Order, keyed: KeyedResponse | null) => {
    done.push(`settled ${status}`);
    saved = keyed;
    return keyed !== null;
  },
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
  close: async () => {
    done.push('close');
    return outcome;
  },
  refund: async ({ reason }: { reason: string }) => void done.push(`refund ${reason}`),
} as Partial<PaymentClient> as PaymentClient;

const { complete, resolve } = makeOrderCompletion({
  store,
  inventory,
  payments,
  onSettleDeferred: () => undefined,
});
const processDueOrder = makeProcessDueOrder({ store, inventory, payments });

/** A pending order whose time to pay ended `endedMs` ago. */
const pending = (endedMs: number): Order =>
  ({
    id: 'order',
    status: 'PENDING',
    cancellation: null,
    createdAt: new Date(Date.now() - 15 * MINUTE_MS),
    reservedUntil: new Date(Date.now() - endedMs),
  }) as Order;

const cancelled = (reason: CancellationReason = 'CUSTOMER_REQUEST'): Order => ({
  ...pending(0),
  status: 'CANCELLED',
  cancellation: { reason, at: new Date() },
});

const now = (of: Order): Pick<OrderState, 'order' | 'now'> => ({ order: of, now: new Date() });

beforeEach(() => {
  order = pending(0);
  work = {
    paymentStartedAt: new Date(),
    paymentOutcome: null,
    stockSettledAt: null,
    refundOwedAt: null,
    refundedAt: null,
  };
  outcome = null;
  stockLeft = 'SOLD';
  done = [];
  causes = [];
  saved = null;
});

describe('a settled payment', () => {
  it('confirms the order and commits its stock', async () => {
    const end = await complete(now(order), { status: 'SUCCEEDED' });
    expect([end.status, done]).toEqual(['CONFIRMED', ['commit', 'settled CONFIRMED']]);
    expect(causes).toMatchObject([{ paymentResult: 'SUCCEEDED' }]);
  });

  it('stores the response of the request where it records the stock', async () => {
    const lease = { userId: 'u', operation: 'payOrder', key: 'k', lockedUntil: new Date() };
    let isMarked = false;
    const markSaved = () => {
      isMarked = true;
    };
    const reply = { slot: { lease, markSaved }, toResponse: ({ status }: Order) => [status] };
    await complete(now(order), { status: 'SUCCEEDED' }, { reply });
    expect([saved, isMarked]).toEqual([{ lease, response: ['CONFIRMED'] }, true]);
  });

  it.each<[PaymentOutcome, string | undefined]>([
    [{ status: 'FAILED', reason: 'card_declined' }, 'card_declined'],
    // It is checked again, and owed.
    [{ status: 'REFUNDED' }, undefined],
  ])('with %j cancels the order and releases its stock', async (settled, paymentResult) => {
    const end = await complete(now(order), settled);
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED' } });
    expect([done, causes[0]?.paymentResult]).toEqual([
      ['release', 'settled CANCELLED'],
      paymentResult,
    ]);
  });

  it('is refunded when the order was cancelled before', async () => {
    order = cancelled();
    expect((await complete(now(pending(0)), { status: 'SUCCEEDED' })).status).toBe('CANCELLED');
    expect(done).toEqual(['owe refund']);
  });

  it('cancels the order when its stock was sold to others', async () => {
    stockLeft = 'GONE';
    const end = await complete(now(order), { status: 'SUCCEEDED' });
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'OUT_OF_STOCK' } });
    expect(done).toEqual(['commit', 'release', 'settled CANCELLED']);
  });
});

describe('an order that is resolved', () => {
  it.each([
    [29 * SECOND_MS, 'PENDING', []],
    [31 * SECOND_MS, 'CANCELLED', ['close', 'release', 'settled CANCELLED']],
  ])('is, %d ms after its time without a payment, %s', async (endedMs, status, what) => {
    order = pending(endedMs);
    expect([(await resolve('order'))?.status, done]).toEqual([status, what]);
  });

  it.each([
    [7.9 * MINUTE_MS, 'PENDING', ['close']],
    [8.1 * MINUTE_MS, 'CANCELLED', ['close', 'release', 'settled CANCELLED']],
  ])('is, %d ms after its time with a pending payment, %s', async (endedMs, status, what) => {
    order = pending(endedMs);
    outcome = { status: 'PROCESSING' };
    expect([(await resolve('order'))?.status, done]).toEqual([status, what]);
  });

  it('stays confirmed when its payment was refunded', async () => {
    order = { ...pending(0), status: 'CONFIRMED' };
    outcome = { status: 'REFUNDED' };
    expect([(await resolve('order'))?.status, done]).toEqual(['CONFIRMED', []]);
  });
});

describe('an order that is due', () => {
  it('gets one step, and is due for the next one immediately', async () => {
    outcome = { status: 'SUCCEEDED' };
    expect((await processDueOrder('order'))?.getTime()).toBeLessThanOrEqual(Date.now());
    expect([order.status, done]).toEqual(['CONFIRMED', []]);
    await processDueOrder('order');
    expect(done).toEqual(['commit', 'settled CONFIRMED']);
  });

  it('is refunded before its stock is released', async () => {
    order = cancelled('EXPIRED');
    work = { ...work, paymentOutcome: 'SUCCEEDED', refundOwedAt: new Date() };
    await processDueOrder('order');
    expect(done).toEqual(['refund EXPIRED', 'refunded']);
  });

  it('is not refunded unless it was cancelled', async () => {
    work = { ...work, paymentOutcome: 'SUCCEEDED', refundOwedAt: new Date() };
    for (const status of ['PENDING', 'CONFIRMED'] as const) {
      order = { ...pending(0), status };
      await expect(processDueOrder('order')).rejects.toThrow('not cancelled');
    }
    expect(done).toEqual([]);
  });

  it('is cancelled when its stock was sold to others, and released in its next step', async () => {
    order = { ...pending(0), status: 'CONFIRMED' };
    work = { ...work, paymentOutcome: 'SUCCEEDED' };
    stockLeft = 'GONE';
    await processDueOrder('order');
    expect([order.cancellation?.reason, done]).toEqual(['OUT_OF_STOCK', ['commit']]);
  });

  it('is checked again later while its payment is pending', async () => {
    outcome = { status: 'PROCESSING' };
    order = pending(-MINUTE_MS);
    const next = await processDueOrder('order');
    expect(next?.getTime()).toBeGreaterThan(Date.now() + MINUTE_MS);
    expect([order.status, done]).toEqual(['PENDING', []]);
  });

  it('has nothing left to do when it is settled', async () => {
    order = { ...pending(0), status: 'CONFIRMED' };
    work = { ...work, paymentOutcome: 'SUCCEEDED', stockSettledAt: new Date() };
    expect([await processDueOrder('order'), done]).toEqual([null, []]);
  });
});
