import { drain, untilNone } from '../sandbox/drain.ts';
import { readOrders, type OrderEntry } from '../sandbox/ledger.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { expireHolds, expireOrders } from '../sandbox/pass-deadlines.ts';
import { reschedule } from '../sandbox/pending-work.ts';

/** An order without a payment expires so long after its time. */
const GRACE_MS = 31_000;

/** Does all work that is left of payments. Orders without one stay pending. */
export const finishPayments = (sandbox: Sandbox): Promise<void> => {
  const { order, payment } = sandbox.databases;
  const find = async () => [
    ...(await order.query(
      `SELECT id::text FROM orders WHERE due_at IS NOT NULL
       AND (status <> 'PENDING' OR payment_started_at IS NOT NULL)`,
    )),
    ...(await payment.query(
      `SELECT id::text FROM payments WHERE status = 'PROCESSING' OR notify_at IS NOT NULL
       UNION ALL SELECT id::text FROM refunds WHERE status = 'PROCESSING'`,
    )),
  ];
  const kinds = ['check order', 'finish order', 'check payment', 'finish payment'] as const;
  return untilNone(find, () => reschedule(sandbox, kinds, 'now'));
};

/**
 * Lets the time pass of all orders that are not paid and of all holds, and does all work.
 * @returns all orders, each of which has ended
 */
export const settleShop = async (sandbox: Sandbox): Promise<readonly OrderEntry[]> => {
  const { order, product } = sandbox.databases;
  const pending = await order.query<{ id: string }>(
    "SELECT id::text FROM orders WHERE status = 'PENDING'",
  );
  const ids = pending.map(({ id }) => id);
  await expireOrders(sandbox, ids, GRACE_MS);
  await drain(sandbox);
  // What is held for no order, or for one that had ended.
  const products = await product.query<{ id: string }>('SELECT id::text FROM products');
  await expireHolds(sandbox, { products: products.map(({ id }) => id) });
  await untilNone(
    () => product.query("SELECT order_id::text FROM reservations WHERE status = 'HELD'"),
    async () => undefined,
  );
  const all = await order.query<{ id: string }>('SELECT id::text FROM orders ORDER BY id');
  return readOrders(sandbox, { ids: all.map(({ id }) => id) });
};
