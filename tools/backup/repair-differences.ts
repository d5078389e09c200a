import type { Difference, DifferenceKind } from './judge-order.ts';
import { insertOrder, insertPayments, insertReservation } from './rebuild-rows.ts';
import type { Clients } from './records.ts';

export type Repair = {
  /** What the shop completes by itself now. */
  readonly planned: readonly Difference[];
  /** What an operator has to decide. */
  readonly left: readonly Difference[];
};

/** Differences after which the order is checked again, and nothing else is needed. */
const CHECKED_AGAIN: readonly DifferenceKind[] = [
  'paid, not confirmed',
  'not refunded',
  'stock not sold',
];

/**
 * Makes orders due as if nothing was known of their payment, stock and refund: the order service does
 * each step again. That is safe, because every step may be repeated: peers answer with what they have.
 */
const checkAgain = async ({ order, payment }: Clients, orderIds: readonly string[]) => {
  const { rows } = await payment.query<{ id: string; at: Date }>(
    `SELECT order_id::text AS id, min(created_at) AS at FROM payments
     WHERE order_id = ANY($1::uuid[]) GROUP BY order_id`,
    [orderIds],
  );
  const startedAt = new Map(rows.map(({ id, at }) => [id, at]));
  await order.query(
    `UPDATE orders SET payment_started_at = coalesce(payment_started_at, started_at),
       payment_outcome = NULL, stock_settled_at = NULL, refund_owed_at = NULL, refunded_at = NULL,
       due_at = now(), due_attempts = 0, due_since = NULL, due_error = NULL, dead_at = NULL
     FROM unnest($1::uuid[], $2::timestamptz[]) AS paid(order_id, started_at)
     WHERE id = order_id`,
    [orderIds, orderIds.map((id) => startedAt.get(id) ?? null)],
  );
};

/**
 * Prepares orders that differ, so that the services complete them: inserts rows that are missing, from
 * those of the peers, and makes the orders due. It is for databases that were restored to different
 * moments, and may be repeated.
 */
export const repairDifferences = async (
  clients: Clients,
  differences: readonly Difference[],
): Promise<Repair> => {
  const idsOf = (...kinds: readonly DifferenceKind[]): readonly string[] =>
    differences.filter(({ kind }) => kinds.includes(kind)).map(({ orderId }) => orderId);
  const done = new Map<DifferenceKind, readonly string[]>();

  const rebuild = async (
    kind: DifferenceKind,
    insert: (clients: Clients, orderId: string) => Promise<boolean>,
  ): Promise<void> => {
    const rebuilt: string[] = [];
    for (const orderId of idsOf(kind)) if (await insert(clients, orderId)) rebuilt.push(orderId);
    done.set(kind, rebuilt);
  };

  done.set('payment missing', await insertPayments(clients, idsOf('payment missing')));
  await rebuild('reservation missing', insertReservation);
  await rebuild('order missing', insertOrder);
  for (const kind of CHECKED_AGAIN) done.set(kind, idsOf(kind));
  const isPlanned = ({ kind, orderId }: Difference): boolean =>
    done.get(kind)?.includes(orderId) ?? false;
  const planned = differences.filter(isPlanned);
  await checkAgain(clients, [...new Set(planned.map(({ orderId }) => orderId))]);
  return { planned, left: differences.filter((one) => !isPlanned(one)) };
};
