import type { ClientBase } from 'pg';

/** What the order service records of an order, as far as its peers must agree. */
export type OrderRecord = {
  readonly id: string;
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED';
  readonly total: string;
  readonly currency: string;
  /** Whether a payment was started. */
  readonly isStarted: boolean;
  /** How the payment ended; null while it is not known, `NONE` when there is none. */
  readonly outcome: string | null;
  readonly isStockSettled: boolean;
  /** Whether a refund is owed that is not requested yet. */
  readonly isRefundPlanned: boolean;
  /** Whether its row or its work has changed within the grace period. */
  readonly isRecent: boolean;
};

/** A payment, in minor units. A closed attempt is none. */
export type PaymentRecord = {
  readonly orderId: string;
  readonly status: 'PROCESSING' | 'SUCCEEDED' | 'FAILED' | 'REFUNDED';
  readonly amount: string;
  readonly currency: string;
  readonly isCaptured: boolean;
  /** Whether money is left that no refund covers, and that is not owed either. */
  readonly isKept: boolean;
};

export type ReservationRecord = {
  readonly orderId: string;
  readonly status: 'HELD' | 'COMMITTED' | 'RELEASED';
};

/** The databases whose records are compared. */
export type Clients = Readonly<Record<'order' | 'payment' | 'product', ClientBase>>;

const ORDERS = `SELECT id::text, status::text, total_cents::text AS total, currency::text,
    payment_started_at IS NOT NULL AS "isStarted", payment_outcome AS outcome,
    stock_settled_at IS NOT NULL AS "isStockSettled",
    refund_owed_at IS NOT NULL AND refunded_at IS NULL AS "isRefundPlanned",
    greatest(updated_at, payment_started_at, stock_settled_at, refunded_at)
      > now() - make_interval(secs => $1) AS "isRecent"
  FROM orders`;

const PAYMENTS = `SELECT order_id::text AS "orderId", status::text, amount_cents::text AS amount,
    currency::text, captured_at IS NOT NULL AS "isCaptured",
    captured_at IS NOT NULL AND refunding_cents < amount_cents AND NOT EXISTS (
      SELECT FROM refund_debts WHERE payment_id = payments.id) AS "isKept"
  FROM payments WHERE failure_code IS DISTINCT FROM 'not_started'`;

/** Orders with larger ids than the last one, in the order of their ids. */
export const readOrdersAfter = async (
  { order }: Clients,
  lastId: string,
  graceS: number,
  limit: number,
): Promise<readonly OrderRecord[]> => {
  const { rows } = await order.query<OrderRecord>(
    `${ORDERS} WHERE id > $2::uuid ORDER BY orders.id LIMIT $3`,
    [graceS, lastId, limit],
  );
  return rows;
};

/** The payments of orders, by order. */
export const readPayments = async (
  { payment }: Clients,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, PaymentRecord>> => {
  const { rows } = await payment.query<PaymentRecord>(
    `${PAYMENTS} AND order_id = ANY($1::uuid[])`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
};

/** The reservations of orders, by order. */
export const readReservations = async (
  { product }: Clients,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, ReservationRecord>> => {
  const { rows } = await product.query<ReservationRecord>(
    `SELECT order_id::text AS "orderId", status::text FROM reservations
     WHERE order_id = ANY($1::uuid[])`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
};

/** Where the ids of orders that have money or stock come from. */
const CLAIMS = {
  payment: `SELECT DISTINCT order_id::text AS id FROM payments
    WHERE order_id > $1::uuid AND captured_at IS NOT NULL
      AND updated_at < now() - make_interval(secs => $2) ORDER BY 1 LIMIT $3`,
  product: `SELECT order_id::text AS id FROM reservations
    WHERE order_id > $1::uuid AND status = 'COMMITTED'
      AND updated_at < now() - make_interval(secs => $2) ORDER BY 1 LIMIT $3`,
} as const;

/** The ids of orders that a peer has taken money or stock for: the next ones after `lastId`. */
export const readClaimedOrders = async (
  clients: Clients,
  peer: keyof typeof CLAIMS,
  lastId: string,
  graceS: number,
  limit: number,
): Promise<readonly string[]> => {
  const { rows } = await clients[peer].query<{ id: string }>(CLAIMS[peer], [lastId, graceS, limit]);
  return rows.map(({ id }) => id);
};

/** Those of the ids that the order service does not know. */
export const findUnknownOrders = async (
  { order }: Clients,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const { rows } = await order.query<{ id: string }>(
    `SELECT claimed.id::text FROM unnest($1::uuid[]) AS claimed(id)
     WHERE NOT EXISTS (SELECT FROM orders WHERE orders.id = claimed.id)`,
    [ids],
  );
  return rows.map(({ id }) => id);
};
