import { describe, expect, it } from 'vitest';
import { expiryOf, HOLD_MARGIN_MS, nextPoll, PAYMENT_TIMEOUT_MS } from './order-times.ts';
import type { Order } from './order.ts';

const MINUTE_MS = 60_000;
const createdAt = new Date('2026-01-01T00:00:00Z');
const at = (minutes: number) => new Date(createdAt.getTime() + minutes * MINUTE_MS);

const order = (fields: Partial<Order> = {}): Order =>
  ({ status: 'PENDING', createdAt, reservedUntil: at(15), ...fields }) as Order;

describe('the next check of a pending payment', () => {
  it.each([
    [0, 0.25],
    [0.5, 0.75],
    [4, 5],
    [12, 15],
  ])('comes after a quarter of its age: at %d minutes, at %d', (now, next) => {
    expect(nextPoll(order(), at(now))).toEqual(at(next));
  });

  it('is never after the time at which the order expires', () => {
    expect(nextPoll(order(), at(20))).toEqual(at(15 + 8));
    expect(nextPoll(order(), at(22.9))).toEqual(at(15 + 8));
  });

  it('comes after growing pauses of an hour at most once the order has ended', () => {
    const ended = order({ status: 'CANCELLED' });
    expect(nextPoll(ended, at(20))).toEqual(at(25));
    expect(nextPoll(ended, at(10_000))).toEqual(at(10_060));
  });
});

describe('the times of an order', () => {
  it('are in order: its expiry, the payment timeout, the end of its reservation', () => {
    const holdEnds = order().reservedUntil.getTime() + HOLD_MARGIN_MS;
    const timeoutEnds = order().reservedUntil.getTime() + PAYMENT_TIMEOUT_MS;
    expect(expiryOf(order())).toEqual(at(15.5));
    expect(timeoutEnds).toBe(at(23).getTime());
    expect(holdEnds).toBe(at(25).getTime());
  });
});
