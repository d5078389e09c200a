import { describe, expect, it } from 'vitest';
import { makeItemCount } from './context.ts';
import { Order } from './resolvers/order.ts';

describe('the items of one request', () => {
  it('are those of a page of the largest orders, at most', () => {
    const countItems = makeItemCount();
    for (let orders = 0; orders < 100; orders += 1) countItems(100);
    expect(() => countItems(1)).toThrow(
      expect.objectContaining({ code: 'OPERATION_TOO_EXPENSIVE' }),
    );
  });

  it('are counted where the items of an order are read', () => {
    const counted: number[] = [];
    const items = [{ sku: 'A' }, { sku: 'B' }];
    const resolve = Order.items as (order: object, args: object, context: object) => unknown;
    const countItems = (count: number): void => void counted.push(count);
    expect(resolve({ items }, {}, { countItems })).toBe(items);
    expect(counted).toEqual([2]);
  });
});
