import type { Idempotency } from '@cartograph/idempotency';
import { problem } from '@cartograph/errors';
import { describe, expect, it } from 'vitest';
import { makeCancelOrder, type Customer } from './cancel-order.ts';
import type { OrderCompletion } from './complete-order.ts';
import type { OrderStore } from './order-store.ts';
import type { Order } from './order.ts';

const ORDER_ID = '01890000-0000-7000-8000-000000000000';
const order = { id: ORDER_ID, userId: 'ada', status: 'CANCELLED' } as Order;

/** Repeats a request whose response is stored. */
const repeat = (viewer: Customer, stored: unknown) =>
  makeCancelOrder({
    store: {} as OrderStore,
    completion: {} as OrderCompletion,
    idempotency: { once: async () => stored } as Partial<Idempotency> as Idempotency,
  })(viewer, { orderId: ORDER_ID, idempotencyKey: 'key' });

describe('a stored response of cancelOrder', () => {
  it.each([
    ['an order', order],
    ['a problem with an order', problem('ORDER_NOT_PENDING', { order })],
  ])('of %s is for its customer and administrators', async (_what, stored) => {
    expect(await repeat({ id: 'ada', role: 'USER' }, stored)).toEqual(stored);
    expect(await repeat({ id: 'bob', role: 'ADMIN' }, stored)).toEqual(stored);
    // An administrator when the response was stored.
    expect(await repeat({ id: 'bob', role: 'USER' }, stored)).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
  });
});
