import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryDeadRows } from '@cartograph/due';
import { Client } from 'pg';
import { checkOrder } from '../proofs/crash/check-ledger.ts';
import { untilNone } from '../sandbox/drain.ts';
import { findImbalances, readOrders, readProducts } from '../sandbox/ledger.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { openSandboxes } from '../sandbox/open-sandboxes.ts';
import { expireHolds } from '../sandbox/pass-deadlines.ts';
import { readPendingWork, reschedule } from '../sandbox/pending-work.ts';
import type { OldOrder } from './make-old-orders.ts';
import { openOldDatabase } from './open-old-database.ts';

/** Of the one product that was ordered. */
const START_STOCK = 1_000;

let opened: Awaited<ReturnType<typeof openSandboxes>>;
let sandbox: Sandbox;
let orders: readonly OldOrder[];

beforeAll(async () => {
  const state = path.join(import.meta.dirname, 'old-state', 'orders.json');
  orders = JSON.parse(await fs.readFile(state, 'utf8')) as readonly OldOrder[];
  const env = { SIMULATOR_WEBHOOKS: 'all', RESERVATION_SWEEP_MS: '1000' };
  opened = await openSandboxes([{ makeDatabase: openOldDatabase, env }]);
  [sandbox] = opened.sandboxes as [Sandbox];
}, 180_000);

afterAll(() => opened.close(false));

/** The stock of a request that made no order is held until its time ends. */
const expireOrphanedHolds = async (): Promise<void> => {
  const holds = await sandbox.databases.product.query<{ id: string }>(
    `SELECT order_id::text AS id FROM reservations
     WHERE status = 'HELD' AND NOT order_id = ANY($1::uuid[])`,
    [orders.map(({ id }) => id)],
  );
  expect(holds).toHaveLength(1);
  await expireHolds(sandbox, { orders: holds.map(({ id }) => id) });
};

/** What an operator does with `npm run jobs -- retry`. @returns how much was dead-lettered */
const retryDead = async (): Promise<number> => {
  let retried = 0;
  for (const { url } of Object.values(sandbox.databases)) {
    const client = new Client(url);
    await client.connect();
    retried += await retryDeadRows(client);
    await client.end();
  }
  return retried;
};

/** Work that is left, but for checks of declines, and what is not settled. */
const findUnfinished = async (): Promise<unknown[]> => {
  const { order, product, payment } = sandbox.databases;
  const work = await readPendingWork(sandbox);
  const open = await Promise.all([
    order.query("SELECT 'order' AS pending, id::text FROM orders WHERE status = 'PENDING'"),
    product.query(
      "SELECT 'hold' AS pending, order_id::text FROM reservations WHERE status = 'HELD'",
    ),
    payment.query(
      `SELECT 'payment' AS pending, id::text FROM payments WHERE status = 'PROCESSING'
       UNION ALL SELECT 'refund', id::text FROM refunds WHERE status = 'PROCESSING'`,
    ),
  ]);
  return [
    ...open.flat(),
    ...work.filter(({ kind, state }) => kind !== 'check decline' || state !== 'waits'),
  ];
};

/** Does now what waits for its time. */
const push = () =>
  reschedule(
    sandbox,
    ['check order', 'finish order', 'check payment', 'finish payment', 'deliver webhook'],
    'now',
  );

describe('the state of 94e3a95, stopped with work in progress', () => {
  it('is migrated: all of it is completed, and the ledger balances', async () => {
    await expireOrphanedHolds();
    // At most the one dead-lettered job; its migration may have made it due already.
    expect(await retryDead()).toBeLessThanOrEqual(1);
    await untilNone(findUnfinished, push);
    const ends = await readOrders(sandbox, { ids: orders.map(({ id }) => id) });
    const found = ends.map((order, index) => {
      const { what, id } = orders[index] as OldOrder;
      const end = order.reason === null ? order.status : `${order.status} ${order.reason}`;
      return { what, id, ends: end, faults: checkOrder(order) };
    });
    expect(found).toEqual(orders.map((order) => ({ ...order, faults: [] })));
    const [product] = await readProducts(sandbox);
    if (!product) throw new Error('there is no product');
    const { stock, held, sold } = product;
    expect({ units: stock + held + sold, held, faults: findImbalances([product]) }).toEqual({
      units: START_STOCK,
      held: 0,
      faults: [],
    });
  }, 240_000);
});
