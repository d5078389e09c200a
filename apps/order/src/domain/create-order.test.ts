import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Idempotency } from '@cartograph/idempotency';
import { makeCreateOrder } from './create-order.ts';
import type { OrderStore } from './order-store.ts';
import type { NewOrder, Order } from './order.ts';
import type { HoldStore, HoldVerdict } from './stock-hold.ts';
import type { StockKeeper } from './stock-keeper.ts';

type Reserve = Parameters<StockKeeper['reserve']>[0];

let asked: string[];
let reserved: Reserve[];
let inserted: { order: NewOrder; resolveAt: Date }[];
let verdict: HoldVerdict;
let currencies: string[];

const stock: StockKeeper = {
  reserve: async (input) => {
    asked.push('reserve');
    reserved.push(input);
    return input.lines.map((line, index) => ({
      ...line,
      sku: 'A',
      name: 'A thing',
      unitPrice: { amount: 100, currency: currencies[index] ?? 'EUR' },
    }));
  },
  commit: async () => 'SOLD',
  release: async () => void asked.push('release'),
};

const holds: HoldStore = {
  claimHold: async () => {
    asked.push('claim');
    return verdict;
  },
  removeHold: async () => void asked.push('remove'),
  abandonHolds: async () => [],
};

const store = {
  insertOrder: async (order: NewOrder, resolveAt: Date) => {
    asked.push('insert');
    inserted.push({ order, resolveAt });
    return order as Order;
  },
} as Partial<OrderStore> as OrderStore;

const answers = {
  once: async ({ subjectId }, work) => work(subjectId, true),
} as Partial<Idempotency> as Idempotency;

const createOrder = makeCreateOrder({
  store,
  stock,
  holds,
  answers,
  times: { reservationMs: 15 * 60_000 },
  limits: { ordersPerAccount: 5, unitsPerAccount: 10, unitsPerAddress: 8 },
});

const customer = { id: randomUUID(), address: null };
const items = [{ productId: randomUUID(), quantity: 2 }];

beforeEach(() => {
  asked = [];
  reserved = [];
  inserted = [];
  verdict = { verdict: 'CLAIMED' };
  currencies = [];
});

describe('an order', () => {
  it('is claimed, reserved and kept, in this order', async () => {
    await createOrder(customer, { items });
    expect(asked).toEqual(['claim', 'reserve', 'insert']);
  });

  it('is held for ten minutes past its time, in which a late payment may still be decided', async () => {
    const start = Date.now();
    await createOrder(customer, { items });
    const until = inserted[0]?.order.reservedUntil.getTime() ?? 0;
    expect(until).toBeGreaterThanOrEqual(start + 15 * 60_000);
    expect((reserved[0]?.expiresAt.getTime() ?? 0) - until).toBe(10 * 60_000);
    expect((inserted[0]?.resolveAt.getTime() ?? 0) - until).toBe(30_000);
  });

  it('of two currencies gives back what it held', async () => {
    currencies = ['EUR', 'USD'];
    const two = [...items, { productId: randomUUID(), quantity: 1 }];
    expect(await createOrder(customer, { items: two })).toMatchObject({ code: 'MIXED_CURRENCIES' });
    expect(asked).toEqual(['claim', 'reserve', 'release', 'remove']);
  });

  it.each(['ORDERS', 'ACCOUNT_UNITS', 'ADDRESS_UNITS'] as const)(
    'reserves nothing when a limit is reached: %s',
    async (reached) => {
      verdict = { verdict: reached, oldest: new Date(Date.now() - 60_000) };
      const refused = await createOrder(customer, { items });
      // The reservation of fifteen minutes and its grace, of which a minute is over.
      expect(refused).toMatchObject({ kind: 'problem', retryAfterSeconds: 14 * 60 + 30 });
      expect(asked).toEqual(['claim']);
    },
  );

  it('reserves nothing when an earlier request for it was given up', async () => {
    verdict = { verdict: 'ABANDONED' };
    await expect(createOrder(customer, { items })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(asked).toEqual(['claim']);
  });

  it.each([
    [8, 'insert'],
    [9, 'VALIDATION_FAILED'],
  ])('of %d units is judged by what may ever be held: %s', async (quantity, end) => {
    const order = await createOrder(customer, { items: [{ ...items[0]!, quantity }] });
    expect(end === 'insert' ? asked.at(-1) : (order as { code?: string }).code).toBe(end);
  });
});
