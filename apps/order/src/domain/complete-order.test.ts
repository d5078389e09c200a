import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Cashier, PaymentOutcome } from './cashier.ts';
import { makeOrderCompletion } from './complete-order.ts';
import type { Cause, OrderStore } from './order-store.ts';
import type { Order } from './order.ts';
import type { StockKeeper } from './stock-keeper.ts';
import { statusesBefore, type Destination } from './transitions.ts';

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
  planResolve: async () => void done.push('plan'),
  requestRefund: async () => void done.push('owe'),
  noteSettled: async ({ status }: Order) => void done.push(`settled ${status}`),
} as Partial<OrderStore> as OrderStore;

const stock = {
  commit: async () => {
    done.push('commit');
    return stockLeft;
  },
  release: async () => void done.push('release'),
} as Partial<StockKeeper> as StockKeeper;

const cashier = {
  findOutcome: async () => outcome,
  refund: async ({ reason }: { reason: string }) => void done.push(`refund ${reason}`),
} as Partial<Cashier> as Cashier;

const { complete, resolve, refund } = makeOrderCompletion({
  store,
  stock,
  cashier,
  onSettleDeferred: () => undefined,
});

/** An order that waits, whose time ended so long ago. */
const waiting = (endedMs: number): Order =>
  ({
    id: 'order',
    status: 'PENDING',
    cancellation: null,
    createdAt: new Date(Date.now() - 15 * MINUTE_MS),
    reservedUntil: new Date(Date.now() - endedMs),
  }) as Order;

const cancelled = (reason: 'EXPIRED' | 'CUSTOMER_REQUEST' = 'CUSTOMER_REQUEST'): Order => ({
  ...waiting(0),
  status: 'CANCELLED',
  cancellation: { reason, at: new Date() },
});

beforeEach(() => {
  order = waiting(0);
  outcome = null;
  stockLeft = 'SOLD';
  done = [];
  causes = [];
});

describe('a payment that is decided', () => {
  it('confirms the order and sells its stock', async () => {
    const end = await complete(order, { status: 'SUCCEEDED' });
    expect([end.status, done]).toEqual(['CONFIRMED', ['commit', 'settled CONFIRMED']]);
    expect(causes).toMatchObject([{ decision: 'SUCCEEDED' }]);
  });

  it.each<[PaymentOutcome, string]>([
    [{ status: 'FAILED', reason: 'card_declined' }, 'card_declined'],
    [{ status: 'REFUNDED' }, 'REFUNDED'],
  ])('as %j cancels the order and gives its stock back', async (decided, decision) => {
    const end = await complete(order, decided);
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'PAYMENT_FAILED' } });
    expect([done, causes[0]?.decision]).toEqual([['release', 'settled CANCELLED'], decision]);
  });

  it('goes back when the order was cancelled before', async () => {
    order = cancelled();
    expect((await complete(waiting(0), { status: 'SUCCEEDED' })).status).toBe('CANCELLED');
    expect(done).toEqual(['owe']);
  });

  it('goes back when the stock was sold to others: the order is cancelled', async () => {
    stockLeft = 'GONE';
    const end = await complete(order, { status: 'SUCCEEDED' });
    expect(end).toMatchObject({ status: 'CANCELLED', cancellation: { reason: 'OUT_OF_STOCK' } });
    expect(done).toEqual(['commit', 'release', 'settled CANCELLED', 'owe']);
  });
});

describe('an order that is looked at', () => {
  it.each([
    [29 * SECOND_MS, 'PENDING', ['plan']],
    [31 * SECOND_MS, 'CANCELLED', ['release', 'settled CANCELLED']],
  ])('%d ms after its time without a payment is %s', async (endedMs, status, what) => {
    order = waiting(endedMs);
    expect([(await resolve('order')).status, done]).toEqual([status, what]);
  });

  it.each([
    [7.9 * MINUTE_MS, 'PENDING', ['plan']],
    [8.1 * MINUTE_MS, 'CANCELLED', ['release', 'settled CANCELLED', 'plan']],
  ])('%d ms after its time with an undecided one is %s', async (endedMs, status, what) => {
    order = waiting(endedMs);
    outcome = { status: 'PROCESSING' };
    expect([(await resolve('order')).status, done]).toEqual([status, what]);
  });

  it('does not change a confirmed order, also when its payment was refunded since', async () => {
    order = { ...waiting(0), status: 'CONFIRMED' };
    outcome = { status: 'REFUNDED' };
    expect([(await resolve('order')).status, done]).toEqual(['CONFIRMED', []]);
  });
});

describe('the money of an order', () => {
  it('is given back when it was cancelled, and never while it is kept', async () => {
    order = cancelled('EXPIRED');
    await refund('order', 1);
    expect(done).toEqual(['refund EXPIRED']);
    for (const status of ['PENDING', 'CONFIRMED'] as const) {
      order = { ...waiting(0), status };
      await expect(refund('order', 1)).rejects.toThrow('keeps its money');
    }
    expect(done).toEqual(['refund EXPIRED']);
  });
});
