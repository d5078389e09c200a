import { checkOrder } from '../crash/check-ledger.ts';
import { deliverEvents, untilNone } from '../../sandbox/drain.ts';
import { findImbalances, readOrders, readProducts } from '../../sandbox/ledger.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';
import { readPendingWork } from '../../sandbox/pending-work.ts';

type Databases = Pick<Sandbox, 'databases'>;

/** Work that should be done by now, and payments that are not settled. */
const findUnfinished = async (shop: Databases): Promise<readonly unknown[]> => {
  const [work, payments] = await Promise.all([
    readPendingWork(shop),
    shop.databases.payment.query(`SELECT order_id FROM payments WHERE status = 'PROCESSING'`),
  ]);
  return [...work.filter(({ state, isSoon }) => state !== 'waits' || isSoon), ...payments];
};

const waitUntilDone = (shop: Databases): Promise<void> =>
  untilNone(
    () => findUnfinished(shop),
    async () => undefined,
  );

/** Waits until nothing is left to do. @returns how many orders are confirmed */
export const countConfirmed = async (shop: Databases): Promise<number> => {
  await waitUntilDone(shop);
  const rows = await shop.databases.order.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM orders WHERE status = 'CONFIRMED'`,
  );
  return rows[0]?.count ?? 0;
};

/**
 * Waits until nothing is left to do, and compares orders, stock and money in all databases. An order
 * that is not paid holds its stock.
 * @param expected how many orders must be confirmed: those that were paid
 * @returns one sentence for each fault
 */
export const checkRecords = async (
  shop: Databases,
  expected: number,
): Promise<readonly string[]> => {
  await waitUntilDone(shop);
  await deliverEvents(shop);
  const rows = await shop.databases.order.query<{ id: string }>('SELECT id::text FROM orders');
  const orders = await readOrders(shop, { ids: rows.map(({ id }) => id) });
  const confirmed = orders.filter(({ status }) => status === 'CONFIRMED').length;
  return [
    ...(confirmed === expected
      ? []
      : [`${expected} orders were paid, and ${confirmed} are confirmed`]),
    ...orders.flatMap((order) => checkOrder(order)),
    ...findImbalances(await readProducts(shop)),
  ];
};
