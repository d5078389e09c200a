import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Idempotency, Lease } from '@cartograph/idempotency';
import { makeCreateOrder } from './create-order.ts';
import type { OrderStore } from './order-store.ts';
import type { NewOrder, Order } from './order.ts';
import type { HoldStore, HoldClaim } from './stock-hold.ts';
import type { InventoryClient } from './inventory-client.ts';

type Reserve = Parameters<InventoryClient['reserve']>[0];

const LEASE: Lease = { userId: 'u', operation: 'o', key: 'k', lockedUntil: new Date() };

let calls: string[];
let reserved: Reserve[];
let inserted: { order: NewOrder; lease: Lease | null }[];
let markedSaved: boolean;
let verdict: HoldClaim;
let currencies: string[];

const inventory: InventoryClient = {
  reserve: async (input) => {
    calls.push('reserve');
    reserved.push(input);
    return input.lines.map((line, index) => ({
      ...line,
      sku: 'A',
      name: 'A thing',
      unitPrice: { amount: 100, currency: currencies[index] ?? 'EUR' },
    }));
  },
  commit: async () => 'SOLD',
  release: async () => void calls.push('release'),
};

const holds: HoldStore = {
  claimHold: async () => {
    calls.push('claim');
    return verdict;
  },
  removeHold: async () => void calls.push('remove'),
  abandonHolds: async () => [],
};

const store = {
  insertOrder: async (order: NewOrder, _address: unknown, lease: Lease | null) => {
    calls.push('insert');
    inserted.push({ order, lease });
    return { order: order as Order, isResponseSaved: lease === LEASE };
  },
} as Partial<OrderStore> as OrderStore;

const idempotency = {
  once: async ({ subjectId, key }, work) => {
    const markSaved = () => {
      markedSaved = true;
    };
    return work(subjectId, true, key === null ? null : { lease: LEASE, markSaved });
  },
} as Partial<Idempotency> as Idempotency;

const createOrder = makeCreateOrder({
  store,
  inventory,
  holds,
  idempotency,
  times: { reservationMs: 15 * 60_000 },
  limits: { ordersPerAccount: 5, unitsPerAccount: 10, unitsPerAddress: 8 },
});

const customer = { id: randomUUID(), address: null };
const items = [{ productId: randomUUID(), quantity: 2 }];

beforeEach(() => {
  calls = [];
  reserved = [];
  inserted = [];
  markedSaved = false;
  verdict = { verdict: 'CLAIMED' };
  currencies = [];
});

describe('an order', () => {
  it('is claimed, reserved and stored, in this order', async () => {
    await createOrder(customer, { items });
    expect(calls).toEqual(['claim', 'reserve', 'insert']);
  });

  it.each([
    ['with', 'k', LEASE],
    ['without', null, null],
  ])('is stored as the response of its key: %s one', async (_with, idempotencyKey, lease) => {
    await createOrder(customer, { items, idempotencyKey });
    expect([inserted[0]?.lease, markedSaved]).toEqual([lease, lease !== null]);
  });

  it('is reserved for ten minutes past its time, for payments that are settled late', async () => {
    const start = Date.now();
    await createOrder(customer, { items });
    const until = inserted[0]?.order.reservedUntil.getTime() ?? 0;
    expect(until).toBeGreaterThanOrEqual(start + 15 * 60_000);
    expect((reserved[0]?.expiresAt.getTime() ?? 0) - until).toBe(10 * 60_000);
  });

  it('of two currencies releases its stock and its hold', async () => {
    currencies = ['EUR', 'USD'];
    const two = [...items, { productId: randomUUID(), quantity: 1 }];
    expect(await createOrder(customer, { items: two })).toMatchObject({ code: 'MIXED_CURRENCIES' });
    expect(calls).toEqual(['claim', 'reserve', 'release', 'remove']);
  });

  it.each(['ORDERS', 'ACCOUNT_UNITS', 'ADDRESS_UNITS'] as const)(
    'reserves nothing when a limit is reached: %s',
    async (reached) => {
      verdict = { verdict: reached, oldest: new Date(Date.now() - 60_000) };
      const problem = await createOrder(customer, { items });
      // The reservation of fifteen minutes and its grace, of which a minute is over.
      expect(problem).toMatchObject({ kind: 'problem', retryAfterSeconds: 14 * 60 + 30 });
      expect(calls).toEqual(['claim']);
    },
  );

  it('reserves nothing when an earlier request for it was abandoned', async () => {
    verdict = { verdict: 'ABANDONED' };
    await expect(createOrder(customer, { items })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(calls).toEqual(['claim']);
  });

  it.each([
    [8, 'insert'],
    [9, 'VALIDATION_FAILED'],
  ])('of %d units is checked against the limits of an empty account: %s', async (quantity, end) => {
    const order = await createOrder(customer, { items: [{ ...items[0]!, quantity }] });
    expect(end === 'insert' ? calls.at(-1) : (order as { code?: string }).code).toBe(end);
  });
});
