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

/**
 * Waits until nothing is left to do, and compares orders, stock and money in all databases. An order
 * that is not paid holds its stock.
 * @param paid how many payments succeeded
 * @returns one sentence for each fault
 */
export const checkRecords = async (shop: Databases, paid: number): Promise<readonly string[]> => {
  await untilNone(
    () => findUnfinished(shop),
    async () => undefined,
  );
  await deliverEvents(shop);
  const rows = await shop.databases.order.query<{ id: string }>('SELECT id::text FROM orders');
  const orders = await readOrders(shop, { ids: rows.map(({ id }) => id) });
  const confirmed = orders.filter(({ status }) => status === 'CONFIRMED').length;
  return [
    ...(confirmed === paid ? [] : [`${paid} orders were paid, and ${confirmed} are confirmed`]),
    ...orders.flatMap((order) => checkOrder(order)),
    ...findImbalances(await readProducts(shop)),
  ];
};
