import { type Difference, judgeOrder } from './judge-order.ts';
import {
  type Clients,
  findUnknownOrders,
  readClaimedOrders,
  readOrdersAfter,
  readPayments,
  readReservations,
} from './records.ts';

/** Orders that are compared at a time. */
const BATCH = 1_000;

/** Sorts before every id. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export type Comparison = { readonly orders: number; readonly differences: readonly Difference[] };

const compareOrders = async (clients: Clients, graceS: number): Promise<Comparison> => {
  const differences: Difference[] = [];
  let compared = 0;
  for (let lastId = FIRST_ID; ;) {
    const orders = await readOrdersAfter(clients, lastId, graceS, BATCH);
    const ids = orders.map(({ id }) => id);
    const [payments, reservations] = await Promise.all([
      readPayments(clients, ids),
      readReservations(clients, ids),
    ]);
    for (const order of orders) {
      // Its services may be working on it.
      if (order.isRecent) continue;
      const peers = [payments.get(order.id) ?? null, reservations.get(order.id) ?? null] as const;
      differences.push(...judgeOrder(order, ...peers));
      compared += 1;
    }
    if (ids.length < BATCH) return { orders: compared, differences };
    lastId = ids.at(-1) ?? lastId;
  }
};

/** The orders that a peer has taken money or stock for, and that the order service does not know. */
const findOrphans = async (
  clients: Clients,
  peer: 'payment' | 'product',
  graceS: number,
): Promise<readonly string[]> => {
  const orphans: string[] = [];
  for (let lastId = FIRST_ID; ;) {
    const ids = await readClaimedOrders(clients, peer, lastId, graceS, BATCH);
    orphans.push(...(await findUnknownOrders(clients, ids)));
    if (ids.length < BATCH) return orphans;
    lastId = ids.at(-1) ?? lastId;
  }
};

/**
 * Compares what the order, product and payment service record of every order.
 * @param graceS orders that have changed within so many seconds are left out: they may be in progress
 */
export const findDifferences = async (clients: Clients, graceS: number): Promise<Comparison> => {
  const { orders, differences } = await compareOrders(clients, graceS);
  const paid = await findOrphans(clients, 'payment', graceS);
  const sold = await findOrphans(clients, 'product', graceS);
  const isPaid = new Set(paid);
  return {
    orders,
    differences: [
      ...differences,
      ...paid.map((orderId) => ({ kind: 'order missing' as const, orderId })),
      ...sold
        .filter((orderId) => !isPaid.has(orderId))
        .map((orderId) => ({ kind: 'sold without order' as const, orderId })),
    ],
  };
};
