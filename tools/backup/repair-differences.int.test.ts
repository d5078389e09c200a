import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repairDifferences } from './repair-differences.ts';
import { openRecords } from './test/open-records.ts';

let records: Awaited<ReturnType<typeof openRecords>>;

beforeAll(async () => {
  records = await openRecords();
});

afterAll(() => records.close());

describe('an order that was lost', () => {
  const repair = async (given: { price?: number; isCaptured?: boolean }) => {
    const lost = { orderId: randomUUID(), age: 3_600 };
    await records.addPayment(lost, given.isCaptured);
    await records.addReservation(lost, given.price);
    const difference = { kind: 'order missing', orderId: lost.orderId } as const;
    const { planned, left } = await repairDifferences(records.clients, [difference]);
    const orders = await records.queryOrders<{ total: number }>(
      'SELECT total_cents::int AS total FROM orders WHERE id = $1',
      [lost.orderId],
    );
    return { planned: planned.length, left: left.length, totals: orders.map(({ total }) => total) };
  };

  it('is made again from its payment and its reservation', async () => {
    expect(await repair({})).toEqual({ planned: 1, left: 0, totals: [1_000] });
  });

  it.each([
    ['its reservation is about another sum', { price: 501 }],
    ['its payment took no money', { isCaptured: false }],
  ])('is left to an operator when %s', async (_why, given) => {
    expect(await repair(given)).toEqual({ planned: 0, left: 1, totals: [] });
  });
});
