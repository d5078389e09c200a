import {
  countOrphanedHolds,
  findImbalances,
  readOrders,
  readProducts,
  type OrderEntry,
} from '../../sandbox/ledger.ts';
import type { Sandbox } from '../../sandbox/open-sandbox.ts';

/** Of each product of a scenario. */
export const START_STOCK = 10;

/** What all services record of one customer, and of the products that only this customer orders. */
export type Ledger = {
  readonly orders: readonly OrderEntry[];
  readonly orphanedHolds: number;
  /** What an administrator refunded, in minor units. */
  readonly refunded: number;
  readonly faults: readonly string[];
};

/** Events and steps of the history that are recorded twice. */
const findRepeats = async ({ databases }: Sandbox, orders: readonly string[]) => {
  const ofOrders = await databases.order.query<{ what: string }>(
    `SELECT envelope->>'type' AS what FROM events WHERE envelope->>'subject' = ANY($1::text[])
     GROUP BY envelope->>'subject', 1 HAVING count(*) > 1
     UNION ALL
     SELECT event::text FROM order_history WHERE order_id::text = ANY($1::text[])
     GROUP BY order_id, event HAVING count(*) > 1 AND event <> 'STOCK_SETTLED'`,
    [orders],
  );
  const ofPayments = await databases.payment.query<{ what: string }>(
    `SELECT envelope->>'type' AS what FROM events
     WHERE envelope->'data'->>'orderId' = ANY($1::text[])
     GROUP BY envelope->>'subject', 1 HAVING count(*) > 1`,
    [orders],
  );
  return [...ofOrders, ...ofPayments].map(({ what }) => `${what} is recorded twice`);
};

const HOLD_OF = { PENDING: 'HELD', CONFIRMED: 'COMMITTED', CANCELLED: 'RELEASED' } as const;

/**
 * What is wrong with an order once nothing is in progress.
 * @param isHoldExpired whether an order that is not paid may have lost its stock
 */
export const checkOrder = (order: OrderEntry, isHoldExpired = false): string[] => {
  const { status, total, hold, payment, taken, charges } = order;
  const faults: string[] = [];
  const mayBeReleased = isHoldExpired && status === 'PENDING' && hold === 'RELEASED';
  if (hold !== HOLD_OF[status] && !mayBeReleased) faults.push(`the hold is ${hold}`);
  if (charges > 1) faults.push('it was charged twice');
  const due = status === 'CONFIRMED' ? total - (payment?.refundedByAdmin ?? 0) : 0;
  if (taken !== due) faults.push(`the provider has taken ${taken}, not ${due}`);
  const recorded = payment ? payment.captured - payment.refunded : 0;
  if (recorded !== due) faults.push(`the payment service has recorded ${recorded}, not ${due}`);
  if (payment?.status === 'PROCESSING') faults.push('its payment is pending');
  if (payment && payment.refunding !== 0) faults.push('a refund is in progress');
  return faults.map((fault) => `${status}: ${fault}`);
};

/** Reads and compares orders, stock and money. Nothing is wrong with an order that is not paid yet. */
export const checkLedger = async (
  sandbox: Sandbox,
  story: {
    readonly customer: { readonly id: string };
    readonly products: readonly string[];
    readonly isHoldExpired?: boolean;
  },
): Promise<Ledger> => {
  const { customer, products, isHoldExpired = false } = story;
  const orders = await readOrders(sandbox, { customerId: customer.id });
  const ids = orders.map(({ id }) => id);
  const [units, repeats, orphanedHolds] = await Promise.all([
    readProducts(sandbox, products),
    findRepeats(sandbox, ids),
    countOrphanedHolds(sandbox, products, ids),
  ]);
  const unbalanced = units
    .filter(({ stock, held, sold }) => stock + held + sold !== START_STOCK)
    .map(({ stock, held, sold }) => `stock ${stock}, ${held} held and ${sold} sold`);
  return {
    orders,
    orphanedHolds,
    refunded: orders.reduce((sum, { payment }) => sum + (payment?.refundedByAdmin ?? 0), 0),
    faults: [
      ...repeats,
      ...unbalanced,
      ...findImbalances(units),
      ...orders.flatMap((order) => checkOrder(order, isHoldExpired)),
    ],
  };
};
