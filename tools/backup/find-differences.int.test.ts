import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDifferences } from './find-differences.ts';
import { openRecords } from './test/open-records.ts';

let records: Awaited<ReturnType<typeof openRecords>>;

beforeAll(async () => {
  records = await openRecords();
});

afterAll(() => records.close());

/** Adds a cancelled order that has no payment, and was being paid. @param changed so long ago */
const addOrder = (orderId: string, changed: string, age: number) =>
  records.queryOrders(
    `INSERT INTO orders (id, user_id, status, cancel_reason, cancelled_at, total_cents, currency,
       reserved_until, created_at, due_at, updated_at, payment_started_at, stock_settled_at, refunded_at)
     SELECT $1, gen_random_uuid(), 'CANCELLED', 'EXPIRED', old, 1000, 'EUR', old, old, now(),
       CASE $2 WHEN 'updated_at' THEN at ELSE old END,
       CASE $2 WHEN 'payment_started_at' THEN at ELSE old END,
       CASE $2 WHEN 'stock_settled_at' THEN at ELSE old END,
       CASE $2 WHEN 'refunded_at' THEN at ELSE old END
     FROM (SELECT now() - make_interval(secs => $3) AS at, now() - interval '1 day' AS old) AS times`,
    [orderId, changed, age],
  );

type Add = (orderId: string, age: number) => Promise<unknown>;

const addChanged =
  (column: string): Add =>
  (orderId, age) =>
    addOrder(orderId, column, age);

const CASES: readonly (readonly [what: string, kind: string, add: Add])[] = [
  ['an order without a payment', 'payment missing', addChanged('updated_at')],
  ['an order that began to be paid', 'payment missing', addChanged('payment_started_at')],
  ['an order whose stock was settled', 'payment missing', addChanged('stock_settled_at')],
  ['an order that was refunded', 'payment missing', addChanged('refunded_at')],
  [
    'money without an order',
    'order missing',
    (orderId, age) => records.addPayment({ orderId, age }),
  ],
  [
    'stock without an order',
    'sold without order',
    (orderId, age) => records.addReservation({ orderId, age }),
  ],
];

describe('the grace period', () => {
  it.each(CASES)('leaves out %s that has changed within it: %s', async (_what, kind, add) => {
    const [recent, old] = [randomUUID(), randomUUID()];
    await add(recent, 1);
    await add(old, 3_600);
    const kindsOf = async (orderId: string, graceS: number) =>
      (await findDifferences(records.clients, graceS)).differences
        .filter((difference) => difference.orderId === orderId)
        .map((difference) => difference.kind);
    expect(await kindsOf(recent, 60)).toEqual([]);
    expect(await kindsOf(recent, 0)).toEqual([kind]);
    expect(await kindsOf(old, 60)).toEqual([kind]);
  });
});
