import { START_STOCK, type World } from '../world/open-world.ts';

/** An order as its books have it. */
export type OrderRow = {
  readonly id: string;
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  readonly reason: string | null;
  readonly total: number;
};

/** What all three services say of one customer and the products that only this customer buys. */
export type Books = {
  readonly orders: readonly OrderRow[];
  /** Holds that no order stands for. */
  readonly orphans: number;
  /** What an administrator gave back, in minor units. */
  readonly refunded: number;
  readonly faults: readonly string[];
};

type StockRow = Record<'start' | 'stock' | 'held' | 'sold' | 'ledgerStock' | 'ledgerHeld', number>;
type MoneyRow = {
  orderId: string;
  status: string;
  net: number;
  asked: number;
  refunding: number;
  isUndecided: boolean;
};

const readStock = (world: World, products: readonly string[]) =>
  world.databases.product.query<StockRow>(
    `SELECT stock,
       (SELECT coalesce(sum(quantity), 0) FROM reservation_lines JOIN reservations USING (order_id)
        WHERE product_id = products.id AND status = 'HELD')::int AS held,
       (SELECT coalesce(sum(quantity), 0) FROM reservation_lines JOIN reservations USING (order_id)
        WHERE product_id = products.id AND status = 'COMMITTED')::int AS sold,
       (SELECT sum(stock_delta) FROM stock_movements WHERE product_id = products.id)::int
         AS "ledgerStock",
       (SELECT sum(held_delta) FROM stock_movements WHERE product_id = products.id)::int
         AS "ledgerHeld"
     FROM products WHERE id = ANY($1::uuid[])`,
    [products],
  );

const readMoney = (world: World, orders: readonly string[]) =>
  world.databases.payment.query<MoneyRow>(
    `SELECT order_id::text AS "orderId", status::text,
       (CASE WHEN captured_at IS NULL THEN 0 ELSE amount_cents END - refunded_cents)::int AS net,
       (SELECT coalesce(sum(amount_cents), 0) FROM refunds WHERE payment_id = payments.id
        AND status = 'SUCCEEDED' AND requested_by NOT IN ('order', 'payment'))::int AS asked,
       (refunding_cents - refunded_cents)::int AS refunding,
       status = 'PROCESSING' AS "isUndecided"
     FROM payments WHERE order_id = ANY($1::uuid[])`,
    [orders],
  );

/** What the provider took for each order, less what it gave back; and how often it took it. */
const readProvider = (world: World, orders: readonly string[]) =>
  world.databases.payment.query<{ orderId: string; net: number; charges: number }>(
    `SELECT split_part(idempotency_key, ':', 1) AS "orderId", count(*)::int AS charges,
       sum(CASE WHEN succeeds_at <= now() THEN amount_cents ELSE 0 END - (
         SELECT coalesce(sum(given.amount_cents), 0) FROM simulator_refunds AS given
         WHERE charge_reference = simulator_charges.reference AND given.failure_code IS NULL
       ))::int AS net
     FROM simulator_charges WHERE split_part(idempotency_key, ':', 1) = ANY($1::text[])
     GROUP BY 1`,
    [orders],
  );

/** What is written of an order more than once, though it happens once. */
const readRepeats = async (world: World, orders: readonly string[]) => {
  const ofOrders = await world.databases.order.query<{ what: string }>(
    `SELECT envelope->>'type' AS what FROM events WHERE envelope->>'subject' = ANY($1::text[])
     GROUP BY envelope->>'subject', 1 HAVING count(*) > 1
     UNION ALL
     SELECT event::text FROM order_history WHERE order_id::text = ANY($1::text[])
     GROUP BY order_id, event HAVING count(*) > 1 AND event <> 'STOCK_SETTLED'`,
    [orders],
  );
  const ofPayments = await world.databases.payment.query<{ what: string }>(
    `SELECT envelope->>'type' AS what FROM events
     WHERE envelope->'data'->>'orderId' = ANY($1::text[])
     GROUP BY envelope->>'subject', 1 HAVING count(*) > 1`,
    [orders],
  );
  return [...ofOrders, ...ofPayments].map(({ what }) => `${what} is written twice`);
};

const HOLDS = { PENDING: 'HELD', CONFIRMED: 'COMMITTED', CANCELLED: 'RELEASED' } as const;

/**
 * Compares the books of orders, stock and money. An order that waits to be paid is as it should be;
 * one whose money was taken, or is on its way, is not.
 */
export const readBooks = async (
  world: World,
  story: {
    readonly customerId: string;
    readonly products: readonly string[];
    readonly isHoldGone?: boolean;
  },
): Promise<Books> => {
  const { customerId, products, isHoldGone = false } = story;
  const orders = await world.databases.order.query<OrderRow>(
    `SELECT id::text, status::text, cancel_reason::text AS reason, total_cents::int AS total
     FROM orders WHERE user_id = $1::uuid`,
    [customerId],
  );
  const ids = orders.map(({ id }) => id);
  const [stock, money, provider, repeats, holds] = await Promise.all([
    readStock(world, products),
    readMoney(world, ids),
    readProvider(world, ids),
    readRepeats(world, ids),
    world.databases.product.query<{ orderId: string; status: string }>(
      `SELECT DISTINCT order_id::text AS "orderId", status::text FROM reservations
       JOIN reservation_lines USING (order_id) WHERE product_id = ANY($1::uuid[])`,
      [products],
    ),
  ]);
  const faults = [...repeats];
  for (const row of stock) {
    const { held, sold } = row;
    const balance = row.stock + held + sold;
    if (balance !== START_STOCK) faults.push(`stock: ${row.stock} + ${held} + ${sold}`);
    if (row.ledgerStock !== row.stock || row.ledgerHeld !== held) {
      faults.push(`ledger: ${row.ledgerStock}, ${row.ledgerHeld} for ${row.stock}, ${held}`);
    }
  }
  for (const { id, status, total } of orders) {
    const hold = holds.find((one) => one.orderId === id)?.status;
    const isGone = isHoldGone && status === 'PENDING' && hold === 'RELEASED';
    if (hold !== HOLDS[status] && !isGone) faults.push(`the stock of a ${status} order is ${hold}`);
    const payment = money.find((one) => one.orderId === id);
    const charge = provider.find((one) => one.orderId === id);
    const due = status === 'CONFIRMED' ? total - (payment?.asked ?? 0) : 0;
    if ((charge?.charges ?? 0) > 1) faults.push('it was charged twice');
    if ((charge?.net ?? 0) !== due) faults.push(`${status}: the provider holds ${charge?.net}`);
    if ((payment?.net ?? 0) !== due) faults.push(`${status}: our books hold ${payment?.net}`);
    if (payment?.isUndecided) faults.push(`${status}: its payment is undecided`);
    if (payment && payment.refunding !== 0) faults.push(`${status}: a refund is under way`);
  }
  const orphans = holds.filter(
    ({ orderId, status }) => status === 'HELD' && !ids.includes(orderId),
  );
  const refunded = money.reduce((sum, { asked }) => sum + asked, 0);
  return { orders, orphans: orphans.length, refunded, faults };
};
