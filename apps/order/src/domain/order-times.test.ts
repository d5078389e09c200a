import { describe, expect, it } from '@jest/globals';
import { expiryOf, HOLD_MARGIN_MS, nextLook, PAYMENT_PATIENCE_MS } from './order-times.ts';
import type { Order } from './order.ts';

const MINUTE_MS = 60_000;
const createdAt = new Date('2026-01-01T00:00:00Z');
const at = (minutes: number) => new Date(createdAt.getTime() + minutes * MINUTE_MS);

const order = (fields: Partial<Order> = {}): Order =>
  ({ status: 'PENDING', createdAt, reservedUntil: at(15), ...fields }) as Order;

describe('the next look at an order whose payment is not decided', () => {
  it.each([
    [0, 0.25],
    [0.5, 0.75],
    [4, 5],
    [12, 15],
  ])('comes after a quarter of its age: at %d minutes, at %d', (now, next) => {
    expect(nextLook(order(), at(now))).toEqual(at(next));
  });

  it('is never past the end of the wait, when the order expires', () => {
    expect(nextLook(order(), at(20))).toEqual(at(15 + 8));
    expect(nextLook(order(), at(22.9))).toEqual(at(15 + 8));
  });

  it('is rarer and rarer once the order ended, an hour later at the most', () => {
    const ended = order({ status: 'CANCELLED' });
    expect(nextLook(ended, at(20))).toEqual(at(25));
    expect(nextLook(ended, at(10_000))).toEqual(at(10_060));
  });
});

describe('the times of an order', () => {
  it('follow each other: its expiry, the end of the wait for its payment, the end of its hold', () => {
    const holdEnds = order().reservedUntil.getTime() + HOLD_MARGIN_MS;
    const waitEnds = order().reservedUntil.getTime() + PAYMENT_PATIENCE_MS;
    expect(expiryOf(order())).toEqual(at(15.5));
    expect(waitEnds).toBe(at(23).getTime());
    expect(holdEnds).toBe(at(25).getTime());
  });
});
